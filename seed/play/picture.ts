import { crc32, deflateSync } from 'node:zlib';
import { between, intBetween, pick, type Rng, rngFor } from '../rng.ts';

type Colour = readonly [number, number, number];
const WIDTH = 480;
const HEIGHT = 360;

/** A drawn picture of a scene, PNG: a street by day, a house, a barrier tape, people as plain shapes. The same name, the same picture. */
export function scenePicture(name: string): Uint8Array<ArrayBuffer> {
  const r = rngFor(7, `picture ${name}`);
  const pixels = new Uint8Array(WIDTH * HEIGHT * 3);
  const horizon = intBetween(r, 150, 200);
  sky(pixels, horizon, r);
  for (let x = -20; x < WIDTH; ) {
    const w = intBetween(r, 60, 140);
    house(pixels, x, intBetween(r, 20, 90), w, horizon, r);
    x += w + intBetween(r, 4, 40);
  }
  box(pixels, 0, horizon, WIDTH, HEIGHT - horizon, [96, 98, 102]);
  box(pixels, 0, horizon, WIDTH, 14, [134, 134, 130]);
  for (let k = intBetween(r, 2, 5); k > 0; k--) person(pixels, intBetween(r, 40, WIDTH - 40), horizon + intBetween(r, 20, 90), r);
  const tape = horizon + intBetween(r, 60, 120);
  for (let x = 0; x < WIDTH; x += 24) box(pixels, x, tape, 12, 6, [232, 190, 40]);
  grain(pixels, r);
  return png(pixels);
}

function box(pixels: Uint8Array, x: number, y: number, w: number, h: number, [red, green, blue]: Colour) {
  for (let j = Math.max(0, y); j < Math.min(HEIGHT, y + h); j++) {
    for (let i = Math.max(0, x); i < Math.min(WIDTH, x + w); i++) {
      const at = (j * WIDTH + i) * 3;
      pixels[at] = red;
      pixels[at + 1] = green;
      pixels[at + 2] = blue;
    }
  }
}

function sky(pixels: Uint8Array, horizon: number, r: Rng) {
  const base = intBetween(r, 150, 200);
  for (let y = 0; y < horizon; y++) box(pixels, 0, y, WIDTH, 1, [base - 30 + (y >> 3), base - 10 + (y >> 3), base + 15]);
}

function house(pixels: Uint8Array, x: number, top: number, w: number, foot: number, r: Rng) {
  const tone = intBetween(r, 110, 190);
  box(pixels, x, top, w, foot - top, [tone, tone - 8, tone - 22]);
  for (let y = top + 12; y < foot - 20; y += 24) {
    for (let i = x + 8; i < x + w - 12; i += 20) box(pixels, i, y, 10, 13, r() < 0.2 ? [226, 214, 160] : [64, 74, 88]);
  }
}

function person(pixels: Uint8Array, x: number, y: number, r: Rng) {
  const coat = pick<Colour>(r, [
    [212, 96, 32],
    [40, 60, 110],
    [220, 200, 40],
    [70, 70, 74],
  ]);
  const size = Math.round(between(r, 14, 22));
  box(pixels, x - 4, y - size, 8, 8, [196, 160, 132]);
  box(pixels, x - 7, y - size + 8, 14, size, coat);
  box(pixels, x - 6, y + 8, 5, size, [38, 40, 46]);
  box(pixels, x + 1, y + 8, 5, size, [38, 40, 46]);
}

/** What a sensor adds: without it the file would be a few hundred bytes, unlike any photo. */
function grain(pixels: Uint8Array, r: Rng) {
  for (let i = 0; i < pixels.length; i += 3) {
    if (r() < 0.7) continue;
    const d = r() < 0.5 ? -3 : 3;
    for (const c of [i, i + 1, i + 2]) pixels[c] = Math.max(0, Math.min(255, pixels[c]! + d));
  }
}

/** PNG (ISO/IEC 15948): signature, IHDR, one IDAT of rows without filter, IEND. */
function png(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  const rows = Buffer.alloc((WIDTH * 3 + 1) * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) rows.set(pixels.subarray(y * WIDTH * 3, (y + 1) * WIDTH * 3), y * (WIDTH * 3 + 1) + 1);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const whole = Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
  return new Uint8Array(whole);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

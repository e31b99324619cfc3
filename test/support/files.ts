import sharp from 'sharp';

/** Files of every kind the attachment door takes, made here so that the test knows what is in them. */
export interface PhotoSpec {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation 1-8; 6 = turned a quarter clockwise when shown */
  readonly orientation?: number;
}

/** A photo red above and blue below, with the EXIF of a telephone: device and place. */
export async function photo({ width, height, orientation = 1 }: PhotoSpec, form: 'jpeg' | 'png' | 'webp' = 'jpeg'): Promise<Buffer> {
  const top = { create: { width, height: Math.ceil(height / 2), channels: 3 as const, background: '#ff0000' } };
  return sharp({ create: { width, height, channels: 3, background: '#0000ff' } })
    .composite([{ input: top, gravity: 'north' }])
    .withExif({
      IFD0: { Make: 'Testphone', Model: 'T-1', Orientation: String(orientation) },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '30/1 38/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '104/1 2/1 0/1' },
    })
    .withMetadata({ orientation })
    .toFormat(form)
    .toBuffer();
}

/** A second of silence, 8 kHz, 8 bit. */
export function wav(): Buffer {
  const data = Buffer.alloc(8000, 128);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** A page without anything on it. */
export const pdf = (): Buffer =>
  Buffer.from(
    `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R/Size 4>>
%%EOF
`,
    'latin1',
  );

/** An archive with nothing in it: its end record. */
export const emptyZip = (): Buffer => Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);

import sharp from 'sharp';
import { Refused } from '../refused.ts';

/** Longest side in pixels: enough to read a number plate across a street; and a row of pictures in a dossier. */
export const SHOWN_PX = 2560;
export const THUMB_PX = 320;
/** What is shown of a photo is a JPEG, whatever the photo was: every browser and every office program opens it. */
export const SHOWN_TYPE = 'image/jpeg';
/** A few kilobytes can unpack to gigabytes: larger pictures are refused before they are unpacked. Phones make up to 50. */
const MAX_MEGAPIXELS = 64;
const SECONDS = 30;

// one picture at a time, nothing kept between two: about 200 MB at the worst, and the other core stays with the wall
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'] });
let turn: Promise<unknown> = Promise.resolve();

export interface Pictures {
  readonly shown: Uint8Array;
  readonly thumb: Uint8Array;
}

/**
 * What is shown in a photo's place: turned upright, without place, device or any other data beside the pixels.
 * @throws Refused 415 when it cannot be decoded, 413 beyond 64 megapixels
 */
export function picturesOf(path: string): Promise<Pictures> {
  const mine = turn.then(() => develop(path));
  turn = mine.catch(() => {});
  return mine;
}

async function develop(path: string): Promise<Pictures> {
  const inside = (px: number) => ({ width: px, height: px, fit: 'inside', withoutEnlargement: true }) as const;
  try {
    const shown = await sharp(path, { limitInputPixels: MAX_MEGAPIXELS * 1e6, failOn: 'error' })
      .autoOrient()
      .resize(inside(SHOWN_PX))
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 85 })
      .timeout({ seconds: SECONDS })
      .toBuffer();
    const thumb = await sharp(shown).resize(inside(THUMB_PX)).jpeg({ quality: 75 }).toBuffer();
    return { shown, thumb };
  } catch (error) {
    const { message } = error as Error;
    if (/exceeds pixel limit/.test(message)) throw new Refused(413, 'body', `a photo of more than ${MAX_MEGAPIXELS} megapixels`);
    throw new Refused(415, 'body', 'the photo cannot be decoded');
  }
}

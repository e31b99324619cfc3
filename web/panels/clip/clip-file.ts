/** Measured on the demonstration street: the viewer with the ground of a whole street, and what one unit's hour comes to after thinning. */
const GROUND_BYTES = 450_000;
const UNIT_HOUR_BYTES = 3000;
const VIEWER_BYTES = 25_000;

/** About how large a clip will be. @param share of the centre's places that lie in it */
export const clipBytes = ({ ms, units, share }: { readonly ms: number; readonly units: number; readonly share: number }) =>
  VIEWER_BYTES + share * (GROUND_BYTES + (Math.max(0, ms) / 3_600_000) * units * UNIT_HOUR_BYTES);

/** 0.9 MB */
export const sizeText = (bytes: number) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** Hand an answer to the visitor as a file under the name the server gave it. */
export async function saveAs(answer: Response, otherwise: string): Promise<{ name: string; bytes: number }> {
  const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? otherwise;
  const blob = await answer.blob();
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return { name, bytes: blob.size };
}

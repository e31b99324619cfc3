/**
 * HLS playlists (RFC 8216 and its second edition's drafts) with every address replaced, so that whoever plays them asks nobody but us.
 * Lines that could lead a player to a third server (content steering, interstitials) or build addresses of their own (EXT-X-DEFINE)
 * are left out.
 */
const LEFT_OUT = /^#EXT-X-(?:CONTENT-STEERING|DEFINE|SESSION-DATA|DATERANGE)\b/;
const URI_ATTRIBUTE = /([:,])(URI)="([^"]*)"/g;

export const isPlaylist = (text: string) => /^\uFEFF?#EXTM3U/.test(text);

/**
 * @param from the address it was read from, after redirects: relative ones are relative to it
 * @param nameOf what stands in the place of an address; null is given for what is no address at all
 */
export function rewritePlaylist(text: string, from: URL, nameOf: (address: URL | null) => string): string {
  const named = (address: string) => nameOf(URL.canParse(address, from) ? new URL(address, from) : null);
  return text
    .split(/\r?\n/)
    .filter((line) => !LEFT_OUT.test(line))
    .map((line) => {
      if (line.startsWith('#EXT')) return line.replace(URI_ATTRIBUTE, (_, before, key, address) => `${before}${key}="${named(address)}"`);
      const address = line.trim();
      return address === '' || address.startsWith('#') ? line : named(address);
    })
    .join('\n');
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clip } from '../../model/clip.ts';
import { Refused } from '../refused.ts';

/** What `npm run build` makes of web/clip. */
export const VIEWER = 'clip-viewer.js';

/** In a script element nothing ends the element, and nothing is a line that JavaScript once did not know. */
const inElement = (json: string) => json.replace(/[<\u2028\u2029]/g, (c) => (c === '<' ? '\\u003c' : `\\u${c.charCodeAt(0).toString(16)}`));

/**
 * One file that plays the clip from a disk without a network: viewer and data inside, everything else forbidden by its own policy.
 * @param dist folder of the built wall
 * @throws Refused 503 when the viewer was not built
 */
export async function clipPage(clip: Clip, dist: string): Promise<string> {
  const built = await readFile(join(dist, VIEWER), 'utf8').catch(() => null);
  if (built === null) throw new Refused(503, 'format', 'the viewer of clips is not built: `npm run build`; format=json needs none');
  const viewer = built.replace(/<\/(script)/gi, '<\\/$1');
  const policy = `default-src 'none'; script-src 'sha256-${createHash('sha256').update(viewer).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>复盘片段 · Genglou</title>
</head>
<body>
<noscript>此文件用浏览器的脚本回放，请允许运行。This file plays with scripts: please allow them.</noscript>
<script type="application/json" id="clip">${inElement(JSON.stringify(clip))}</script>
<script>${viewer}</script>
</body>
</html>
`;
}

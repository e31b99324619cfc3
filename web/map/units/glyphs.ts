import type { UnitRole } from '../../../model/ledger.ts';
import type { Tokens } from '../tokens.ts';

/** 警 消 管 志 医; a grid worker (网格员) carries no character. The order is that of the atlas. */
export const roleGlyphs: readonly (readonly [role: UnitRole, glyph: string])[] = [
  ['police', '警'],
  ['fire', '消'],
  ['urban', '管'],
  ['volunteer', '志'],
  ['medical', '医'],
];
/** 0 = grid worker, 1 … 5 = index into the atlas + 1. */
export const roleCode = (role: UnitRole) => 1 + roleGlyphs.findIndex(([r]) => r === role);
/** Side of one cell of the atlas, in u. */
export const CELL = 20;

/** The characters side by side, in text-1 with the map's halo, at device resolution. */
export function glyphAtlas(tokens: Tokens, pixelRatio: number): HTMLCanvasElement {
  const px = Math.max(8, Math.ceil(CELL * tokens.u * pixelRatio));
  const canvas = document.createElement('canvas');
  canvas.width = px * roleGlyphs.length;
  canvas.height = px;
  const c = canvas.getContext('2d') as CanvasRenderingContext2D;
  c.font = `500 ${(14 / CELL) * px}px "Noto Sans SC Variable", sans-serif`;
  c.textAlign = 'center';
  c.textBaseline = 'alphabetic';
  c.lineJoin = 'round';
  roleGlyphs.forEach(([, glyph], i) => {
    const x = (i + 0.5) * px;
    const y = px * 0.5 + (5 / CELL) * px;
    c.lineWidth = (3 / CELL) * px;
    c.strokeStyle = tokens.colour['map-halo'];
    c.strokeText(glyph, x, y);
    c.fillStyle = tokens.colour['text-1'];
    c.fillText(glyph, x, y);
  });
  return canvas;
}

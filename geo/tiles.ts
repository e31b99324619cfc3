import type { Cells } from './cells.ts';
import { OUTSIDE, sideOf } from './exact.ts';

/** Tiles per cell: enough that many tiles lie whole in one cell, few enough that a city's index stays some tens of megabytes. */
const TILES_PER_CELL = 16;
const LEAST_TILES = 4096;

/**
 * A net of square tiles over all cells. Each tile lists the cells that reach into it, lowest index first, and says of each
 * whether it fills the tile whole. So a lookup is one division, and for most points one or no crossing test.
 */
export interface Tiles {
  readonly west: number;
  readonly south: number;
  /** width of a tile in units; it holds the whole numbers `west + column * size` .. `+ size - 1` */
  readonly size: number;
  readonly columns: number;
  readonly rows: number;
  /** tile (row * columns + column) -> the one cell that reaches into it and fills it; else EMPTY or -2 - index of its list in `lists` */
  readonly owner: Int32Array;
  /**
   * A list: its number of entries, then ENTRY numbers for each: 4 * cell + FILLS + MANY_RINGS, and the first and end vertex of
   * its (only) ring, so that the lookup, which mostly waits for memory, need not fetch them elsewhere.
   */
  readonly lists: Uint32Array;
}
export const ENTRY = 3;
/** The cell fills the tile whole. */
export const FILLS = 1;
/** The cell has holes or several parts. */
export const MANY_RINGS = 2;
/** No cell reaches into the tile. */
export const EMPTY = -1;

/**
 * Exact: a tile is marked for a cell when an edge may pass within one unit of it (too many marks only cost time); a tile in the
 * cell's box without a mark is wholly inside or wholly outside, which one of its corners decides.
 */
export function buildTiles(cells: Cells): Tiles {
  const { boxes, codes, xy, starts: ringStarts, rings } = cells;
  const net = netOver(boxes, codes.length);
  const { west, south, size, columns, rows } = net;
  const column = (x: number) => Math.max(0, Math.min(columns - 1, Math.floor((x - west) / size)));
  const row = (y: number) => Math.max(0, Math.min(rows - 1, Math.floor((y - south) / size)));

  const tileOf = new GrowingArray();
  const entryOf = new GrowingArray();
  const marked = new Int32Array(columns * rows).fill(-1);
  const mark = (cell: number, fromColumn: number, toColumn: number, fromRow: number, toRow: number) => {
    for (let r = fromRow; r <= toRow; r++) for (let c = fromColumn; c <= toColumn; c++) marked[r * columns + c] = cell;
  };
  const markEdge = (cell: number, ax: number, ay: number, bx: number, by: number) => {
    const [c0, c1] = [column(Math.min(ax, bx) - 1), column(Math.max(ax, bx) + 1)];
    const [r0, r1] = [row(Math.min(ay, by) - 1), row(Math.max(ay, by) + 1)];
    if (c1 - c0 < 2 || r1 - r0 < 2) return mark(cell, c0, c1, r0, r1);
    for (let c = c0; c <= c1; c++) {
      // The edge's span of latitude within this column, a unit wider on each side than the tile.
      const clamp = (x: number) => Math.max(0, Math.min(1, (x - ax) / (bx - ax)));
      const y0 = ay + (by - ay) * clamp(west + c * size - 2);
      const y1 = ay + (by - ay) * clamp(west + (c + 1) * size + 2);
      mark(cell, c, c, row(Math.min(y0, y1) - 2), row(Math.max(y0, y1) + 2));
    }
  };

  for (let cell = 0; cell < codes.length; cell++) {
    for (let r = rings[cell]!; r < rings[cell + 1]!; r++) {
      for (let v = ringStarts[r]!; v < ringStarts[r + 1]! - 1; v++)
        markEdge(cell, xy[2 * v]!, xy[2 * v + 1]!, xy[2 * v + 2]!, xy[2 * v + 3]!);
    }
    const [x0, y0, x1, y1] = [boxes[4 * cell]!, boxes[4 * cell + 1]!, boxes[4 * cell + 2]!, boxes[4 * cell + 3]!];
    for (let r = row(y0); r <= row(y1); r++) {
      for (let c = column(x0); c <= column(x1); c++) {
        const tile = r * columns + c;
        const [x, y] = [west + c * size, south + r * size];
        const crossed = marked[tile] === cell;
        if (!crossed) {
          if (x < x0 || y < y0 || x > x1 || y > y1) continue;
          if (sideOf(xy, ringStarts, rings[cell]!, rings[cell + 1]!, x, y) === OUTSIDE) continue;
        }
        tileOf.push(tile);
        entryOf.push(4 * cell + (crossed ? 0 : FILLS) + (rings[cell + 1]! - rings[cell]! > 1 ? MANY_RINGS : 0));
      }
    }
  }
  return { ...net, ...listByTile(cells, tileOf, entryOf, columns * rows) };
}

function netOver(boxes: Int32Array, count: number) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let b = 0; b < boxes.length; b += 4) {
    west = Math.min(west, boxes[b]!);
    south = Math.min(south, boxes[b + 1]!);
    east = Math.max(east, boxes[b + 2]!);
    north = Math.max(north, boxes[b + 3]!);
  }
  if (!count) return { west: 0, south: 0, size: 1, columns: 0, rows: 0 };
  const [width, height] = [east - west + 1, north - south + 1];
  const wanted = Math.max(LEAST_TILES, TILES_PER_CELL * count);
  const size = Math.ceil(Math.max(Math.sqrt((width * height) / wanted), width / wanted, height / wanted));
  return { west, south, size, columns: Math.ceil(width / size), rows: Math.ceil(height / size) };
}

/** Counting sort: entries of a tile stay in the order of their cells. */
function listByTile({ rings, starts: ringStarts }: Cells, tileOf: GrowingArray, entryOf: GrowingArray, tiles: number) {
  const starts = new Uint32Array(tiles + 1);
  for (let i = 0; i < tileOf.length; i++) starts[tileOf.values[i]! + 1]!++;
  for (let t = 0; t < tiles; t++) starts[t + 1]! += starts[t]!;
  const next = starts.slice();
  const entries = new Uint32Array(tileOf.length);
  for (let i = 0; i < tileOf.length; i++) entries[next[tileOf.values[i]!]!++] = entryOf.values[i]!;
  const owner = new Int32Array(tiles).fill(EMPTY);
  const lists = new GrowingArray();
  for (let t = 0; t < tiles; t++) {
    const [from, to] = [starts[t]!, starts[t + 1]!];
    if (from === to) continue;
    if (to - from === 1 && entries[from]! & FILLS) owner[t] = entries[from]! >> 2;
    else {
      owner[t] = -2 - lists.length;
      lists.push(to - from);
      for (let e = from; e < to; e++) {
        const ring = rings[entries[e]! >> 2]!;
        lists.push(entries[e]!);
        lists.push(ringStarts[ring]!);
        lists.push(ringStarts[ring + 1]!);
      }
    }
  }
  return { owner, lists: lists.values.slice(0, lists.length) };
}

class GrowingArray {
  values = new Uint32Array(1024);
  length = 0;
  push(value: number) {
    if (this.length === this.values.length) {
      const wider = new Uint32Array(2 * this.length);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }
}

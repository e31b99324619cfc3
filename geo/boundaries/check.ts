import type { Area, Level } from '../../model/area.ts';
import { type Cells, packCells } from '../cells.ts';
import { INSIDE, sideOf } from '../exact.ts';
import { labelPoint } from '../label-point.ts';
import { toUnits } from '../lng-lat.ts';
import { residue } from './chain.ts';
import { type Face, facesOf } from './faces.ts';
import { type Finding, finding, formatArea } from './finding.ts';
import { type Boundary, boundaryCollection, type ReadOptions, readBoundaries } from './read.ts';
import { isSimple } from './simple.ts';
import { checkTree } from './tree.ts';

/** A gap or overlap thinner than this (area / half its outline) is a sliver: rounding or drawing, not a claim to land. Metres. */
export const SLIVER_WIDTH_M = 0.3;
/** At most so many findings are listed; `total` counts all. */
export const MAX_FINDINGS = 500;

export interface BoundaryReport {
  /** no errors: the boundaries may be published */
  readonly ok: boolean;
  /** errors first, then by kind and code; at most MAX_FINDINGS */
  readonly findings: readonly Finding[];
  readonly total: { readonly errors: number; readonly warnings: number };
  /** every area that could be read, without its geometry, sorted by code */
  readonly areas: readonly Area[];
  /** the same with geometry as the house keeps it: WGS-84, 1e-7 degrees, our property names */
  readonly collection: ReturnType<typeof boundaryCollection>;
}

/**
 * Reads and checks boundaries of any level. Children must make up their parent exactly, without gap or overlap, decided on
 * whole numbers (see chain.ts); areas without a parent must not overlap each other. Never throws for bad input.
 * @param input a GeoJSON FeatureCollection, still unknown
 * @param levels the centre's levels, outermost first
 */
export function checkBoundaries(input: unknown, levels: readonly Level[], options: ReadOptions = {}): BoundaryReport {
  const { boundaries, findings } = readBoundaries(input, options);
  boundaries.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  if (boundaries.length) {
    findings.push(...checkTree(boundaries, levels));
    findings.push(...checkTopology(boundaries));
  }
  const errors = findings.filter((f) => f.severity === 'error').length;
  const order = (f: Finding) => `${f.severity} ${f.kind} ${f.codes.join()}`;
  return {
    ok: errors === 0,
    findings: findings.sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, MAX_FINDINGS),
    total: { errors, warnings: findings.length - errors },
    areas: boundaries.map(({ geometry: _, ...area }) => area),
    collection: boundaryCollection(boundaries),
  };
}

/** Faults of the geometry alone. Of a code given twice the first is looked at. */
function checkTopology(boundaries: readonly Boundary[]): Finding[] {
  const unique = new Map<string, Boundary>();
  for (const b of boundaries) if (!unique.has(b.code)) unique.set(b.code, b);
  const { cells, findings } = packSound([...unique.values()]);
  const names = cells.codes.map((code) => unique.get(code)!.name);
  const sound = new Set<number>();
  for (let cell = 0; cell < cells.codes.length; cell++) {
    const fault = selfFault(cells, cell);
    if (!fault) sound.add(cell);
    else {
      const name = `${names[cell]}（${cells.codes[cell]}）`;
      const zh = fault.doubled ? `${name}的边界在同一条线上往返` : `${name}的边界自相交`;
      const en = fault.doubled
        ? `The border of ${cells.codes[cell]} runs twice along the same line`
        : `The border of ${cells.codes[cell]} crosses itself`;
      findings.push(
        finding('self-intersection', [cells.codes[cell]!], { zh, en }, fault.face ? placeOf(fault.face) : null, fault.face?.areaM2 ?? null),
      );
    }
  }
  const families = new Map<number, number[]>();
  for (const [cell, code] of cells.codes.entries()) {
    const parent = unique.get(code)!.parent;
    const at = parent === null ? -1 : cells.indexOf.get(parent);
    if (at === undefined) continue;
    const family = families.get(at);
    if (family) family.push(cell);
    else families.set(at, [cell]);
  }
  for (const [parent, children] of families) {
    // What a broken border encloses is not known: its family waits until it is mended.
    if ((parent >= 0 && !sound.has(parent)) || children.some((c) => !sound.has(c))) continue;
    findings.push(...checkFamily(cells, parent, children));
  }
  return findings;
}

/** All areas that can be packed, and a finding for each that cannot. */
function packSound(boundaries: readonly Boundary[]): { readonly cells: Cells; readonly findings: Finding[] } {
  try {
    return { cells: packCells(boundaries), findings: [] };
  } catch {
    const findings: Finding[] = [];
    const packable = boundaries.filter((b) => {
      try {
        return packCells([b]);
      } catch (error) {
        const why = (error as Error).message;
        findings.push(finding('format', [b.code], { zh: `${b.name}（${b.code}）的图形无法使用：${why}`, en: why }));
        return false;
      }
    });
    return { cells: packCells(packable), findings };
  }
}

/** A border is sound when, with its area to the left throughout, it encloses each place once or not at all. */
function selfFault(cells: Cells, cell: number): { readonly face?: Face; readonly doubled: boolean } | null {
  if (isSimple(cells, cell)) return null;
  const doubled = new Set<number>();
  const faces = facesOf(residue(cells, [cell], [], doubled));
  const face = faces.find((f) => f.winding !== 0 && f.winding !== 1);
  if (face) return { face, doubled: false };
  return doubled.size ? { doubled: true } : null;
}

function checkFamily(cells: Cells, parent: number, children: readonly number[]): Finding[] {
  const left = residue(cells, children, parent < 0 ? [] : [parent]);
  if (!left.length) return [];
  return facesOf(left).flatMap((face): Finding[] => {
    const fault = faultOf(cells, parent, face);
    if (!fault) return [];
    const codes = face.owners.filter((o) => o !== parent || fault === 'outside-parent').map((o) => cells.codes[o]!);
    const area = formatArea(face.areaM2);
    const of = parent < 0 ? null : cells.codes[parent]!;
    const list = codes.length ? codes.join('、') : (of ?? '');
    const listEn = codes.join(', ') || of;
    const messages = {
      gap: { zh: `${of} 内有 ${area} 没有下级区域（邻近 ${list}）`, en: `${area} of ${of} belong to none of its parts (near ${listEn})` },
      overlap: { zh: `${list} 相互重叠 ${area}`, en: `${listEn} overlap by ${area}` },
      'outside-parent': { zh: `${list} 超出上级 ${of}，面积 ${area}`, en: `${area} of ${listEn} lie outside the parent ${of}` },
      sliver: {
        zh: `${list} 之间有宽约 ${face.widthM.toFixed(3)} m 的${face.winding < 0 ? '缝隙' : '重叠'}（${area}）`,
        en: `A ${face.winding < 0 ? 'gap' : 'overlap'} about ${face.widthM.toFixed(3)} m wide along ${listEn} (${area})`,
      },
      'enclosed-gap': { zh: `${list} 围住了 ${area} 不属于任何区域的地方`, en: `${listEn} enclose ${area} that belong to no area` },
    };
    return [finding(fault, codes.length || !of ? codes : [of], messages[fault], placeOf(face), face.areaM2)];
  });
}

function faultOf(cells: Cells, parent: number, face: Face): 'gap' | 'overlap' | 'outside-parent' | 'sliver' | 'enclosed-gap' | null {
  // A hole in a single area was drawn on purpose; one that several enclose may have been forgotten.
  if (parent < 0 && (face.winding === 1 || (face.winding === 0 && face.owners.length < 2))) return null;
  if (parent >= 0 && face.winding === 0) return null;
  if (face.widthM < SLIVER_WIDTH_M) return 'sliver';
  if (parent < 0) return face.winding < 1 ? 'enclosed-gap' : 'overlap';
  if (face.winding < 0) return 'gap';
  const [lng, lat] = placeOf(face);
  const inParent = sideOf(cells.xy, cells.starts, cells.rings[parent]!, cells.rings[parent + 1]!, toUnits(lng), toUnits(lat)) === INSIDE;
  return inParent ? 'overlap' : 'outside-parent';
}

const placeOf = (face: Face) => labelPoint({ type: 'Polygon', coordinates: [face.ring] }, 0.05);

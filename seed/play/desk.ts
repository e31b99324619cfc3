import { type IncidentState, type IncidentStep, nextStep } from '../../model/incident.ts';
import { communityShare, drawCourt, drawMatter, drawPlace, drawUnit, matterOf, rhythm, rhythmSum } from '../matters.ts';
import type { DemoUnit } from '../people.ts';
import { between, pick, type Rng, rngFor, weighted } from '../rng.ts';
import { communities } from '../street/plan.ts';
import type { Street } from '../street/street.ts';
import { words } from '../words.ts';

export interface DeskIncident {
  readonly id: string;
  readonly category: string;
  readonly priority: number;
  readonly area: string | null;
  state: IncidentState;
  readonly deadline: number;
  /** when its state began, the street's own ms */
  since: number;
  unit: string | null;
}
export interface DeskAlarm {
  readonly id: string;
  state: 'unack' | 'acked' | 'rtn-unack';
  since: number;
}
export type Action =
  | {
      readonly do: 'report';
      readonly category: string;
      readonly title: string;
      readonly source: string;
      readonly lngLat: readonly [number, number];
    }
  | {
      readonly do: 'step';
      readonly incident: string;
      readonly step: IncidentStep;
      readonly unit?: string;
      readonly note?: string;
      readonly area: string | null;
    }
  | { readonly do: 'acknowledge'; readonly alarm: string };

/** Open matters the desk is kept at. */
export const OPEN_LOW = 20;
export const OPEN_HIGH = 25;
const PER_DAY = 144;
const MINUTE = 60_000;

/**
 * The residents who report and the operators who follow up. Decides only; what really happened comes back through `incidents`
 * and `alarms`, which the caller keeps equal to the server's. The same seed, calls and contents give the same decisions.
 */
export class Desk {
  readonly incidents = new Map<string, DeskIncident>();
  readonly alarms = new Map<string, DeskAlarm>();
  private readonly r: Rng;
  private readonly street: Street;
  private readonly units: readonly DemoUnit[];
  private readonly seed: number;

  constructor(street: Street, units: readonly DemoUnit[], seed: number) {
    this.street = street;
    this.units = units;
    this.seed = seed;
    this.r = rngFor(seed, 'desk of the day');
  }

  open(): number {
    let n = 0;
    for (const i of this.incidents.values()) if (i.state !== 'closed') n += 1;
    return n;
  }

  /** What falls due in the `ms` up to `now`. */
  advance(now: number, ms: number, hour: number): Action[] {
    const out: Action[] = [];
    const open = this.open();
    const perHour = (PER_DAY * (rhythm[Math.floor(hour) % 24] ?? 1)) / rhythmSum;
    const haste = open < OPEN_LOW ? 4 : open >= OPEN_HIGH ? 0 : 1;
    if (this.r() < (Math.max(perHour, 3) * haste * ms) / 3_600_000) out.push(this.report());
    let left = open;
    for (const i of this.incidents.values()) {
      const step = nextStep({ state: i.state, flow: 'ordinary' });
      if (!step || now < this.due(i, open)) continue;
      if (step === 'close') {
        if (left <= OPEN_LOW) continue;
        left -= 1;
      }
      out.push(this.step(i, step));
    }
    for (const a of this.alarms.values()) {
      if (a.state === 'acked') continue;
      const wait = between(rngFor(this.seed, `${a.id} ${a.state} ${a.since}`), a.state === 'unack' ? 1.5 : 3, a.state === 'unack' ? 9 : 14);
      if (now >= a.since + wait * MINUTE) out.push({ do: 'acknowledge', alarm: a.id });
    }
    return out;
  }

  private report(): Action {
    const r = this.r;
    const community = weighted(
      r,
      communities.map((c) => [c.code as string, communityShare[c.code]!] as const),
    );
    const matter = drawMatter(r);
    const court = drawCourt(this.street, community, r);
    return {
      do: 'report',
      category: matter.category,
      title: `${court.name}${pick(r, matter.titles)}`,
      source: weighted(r, matter.sources),
      lngLat: drawPlace(court, r),
    };
  }

  /** When an incident's next step is taken: drawn once for its state; a full desk works faster. */
  private due(i: DeskIncident, open: number): number {
    const r = rngFor(this.seed, `${i.id} ${i.state}`);
    const room = Math.max(0, i.deadline - i.since);
    const fast = open > OPEN_HIGH ? 0.4 : 1;
    switch (i.state) {
      case 'reported':
        return i.since + between(r, 0.4, 2.5) * MINUTE * fast;
      case 'filed':
        return i.since + between(r, 2.5, 7.5) * MINUTE * fast;
      case 'dispatched': {
        // one in twenty is handled late
        const share = r() < 0.05 ? between(r, 1.02, 1.2) : between(r, 0.35, 0.85);
        const long = Math.min(room * share, between(r, 50, 110) * MINUTE);
        return i.since + Math.max(long, between(r, 6, 14) * MINUTE) * fast;
      }
      case 'handled':
        return i.since + between(r, 5, 22) * MINUTE * fast;
      default:
        return i.since + between(r, 1, 8) * MINUTE * fast;
    }
  }

  private step(i: DeskIncident, step: IncidentStep): Action {
    const r = rngFor(this.seed, `${i.id} ${step}`);
    const note = (step === 'file' || step === 'verify') && r() < 0.7 ? { note: pick(r, words[step]) } : {};
    const community = i.area?.slice(0, 12) ?? communities[0].code;
    const unit = step === 'dispatch' ? { unit: drawUnit(this.units, matterOf(i.category), community, r).id } : {};
    return { do: 'step', incident: i.id, step, area: i.area, ...unit, ...note };
  }
}

import type { Refusal } from '../../model/report.ts';
import type { DoorStatus, RefusedMessage } from '../../model/wire.ts';
import { excerpt } from './excerpt.ts';

const SECONDS = 60;
/** refusals of one door that can be looked at */
export const KEPT_REFUSALS = 200;

/** What was refused: the topic or route it came by, the mapping that read it, what it said, and the device it named, where that is unknown. */
export interface About {
  readonly where: string;
  readonly mapping?: string | null;
  readonly payload?: string;
  readonly device?: string | undefined;
}

/** What one door took and turned away since the server started. */
export class Door {
  state: DoorStatus['state'] = 'open';
  private accepted = 0;
  private lastAt: number | null = null;
  private dataAt: number | null = null;
  private readonly refusals = new Map<string, number>();
  /** the last ones, oldest first */
  private readonly kept: RefusedMessage[] = [];
  /** accepted per second of the last minute, a ring; `second` is the one being counted */
  private readonly perSecond = new Array<number>(SECONDS).fill(0);
  private second = 0;

  constructor(
    readonly name: string,
    private readonly now: () => number,
  ) {}

  /** @param at device time of the report, epoch ms; absent for a report that carries none (a device's online state) */
  accept(at?: number) {
    this.turn();
    this.accepted += 1;
    this.perSecond[this.second % SECONDS]! += 1;
    this.lastAt = this.now();
    if (at !== undefined && at > (this.dataAt ?? Number.NEGATIVE_INFINITY)) this.dataAt = at;
  }

  refuse({ field, rule, reason }: Refusal, { where, mapping = null, payload = '', device }: About) {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
    const unknown = reason === 'unknown-id' && device !== undefined ? device.slice(0, 120) : null;
    const said = { where: where.slice(0, 200), mapping, field, rule: rule.slice(0, 300), reason, payload: excerpt(payload) };
    this.kept.push({ at: this.now(), door: this.name, ...said, device: unknown });
    if (this.kept.length > KEPT_REFUSALS) this.kept.shift();
  }

  /** What was refused last, newest first. */
  refused = (): RefusedMessage[] => [...this.kept].reverse();

  status(): DoorStatus {
    this.turn();
    const refusals = Object.fromEntries(this.refusals);
    return {
      door: this.name,
      accepted: this.accepted,
      refused: Object.values(refusals).reduce((sum, n) => sum + n, 0),
      rate: this.perSecond.reduce((sum, n) => sum + n, 0) / SECONDS,
      lastAt: this.lastAt,
      dataAt: this.dataAt,
      refusals,
      state: this.state,
    };
  }

  private turn() {
    const second = Math.floor(this.now() / 1000);
    if (second <= this.second) return;
    const from = Math.max(this.second + 1, second - SECONDS + 1);
    for (let s = from; s <= second; s++) this.perSecond[s % SECONDS] = 0;
    this.second = second;
  }
}

/** The doors of this server, in the order they were opened. */
export class Doors {
  private readonly doors: Door[] = [];
  constructor(private readonly now: () => number) {}

  open(name: string): Door {
    const door = new Door(name, this.now);
    this.doors.push(door);
    return door;
  }
  get = (name: string): Door | undefined => this.doors.find((d) => d.name === name);
  status = (): DoorStatus[] => this.doors.map((d) => d.status());
  /** What every door refused last, newest first. */
  refused = (): RefusedMessage[] => this.doors.flatMap((d) => d.refused()).sort((a, b) => b.at - a.at);
}

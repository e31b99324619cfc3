import type { DoorStatus } from '../../model/wire.ts';

const SECONDS = 60;

/** What one door took and turned away since the server started. */
export class Door {
  state: DoorStatus['state'] = 'open';
  private accepted = 0;
  private lastAt: number | null = null;
  private dataAt: number | null = null;
  private readonly refusals = new Map<string, number>();
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

  refuse(reason: string) {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }

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
}

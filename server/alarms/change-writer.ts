import type { Fact } from '../../model/ledger.ts';
import type { Sensor, World } from '../../model/world.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { FactError } from '../ledger/rows.ts';
import type { Change } from './alarm-facts.ts';

/** Who writes what the rules decide: one append may hold the facts of many sensors. */
export const RULES = 'rules';

/** What one reading changed, and who waits for it. */
interface Part {
  readonly changes: readonly Change[];
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}
interface Group {
  readonly parts: Part[];
  readonly sensors: Set<number>;
}

interface Options {
  readonly ledger: Pick<Ledger, 'append'>;
  /** the facts, given the newest world */
  readonly facts: (world: World, changes: readonly Change[]) => readonly Fact[];
  /** nothing about this sensor is on its way any more */
  readonly settled: (sensor: Sensor, failed: boolean) => void;
}

const PER_GROUP = 250;

/**
 * Changes on their way to the ledger. What the readings of one turn of the event loop bring goes in as few appends as their order
 * allows (each sensor once in an append): a flood copies the world's alarms once per hundred of them, not once per alarm.
 */
export class ChangeWriter {
  private groups: Group[] = [];
  private waiting: NodeJS.Immediate | null = null;
  /** ix -> parts on their way */
  private readonly writing = new Map<number, number>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly options: Options) {}

  isWriting = (ix: number): boolean => this.writing.has(ix);

  /** @param about sensors that wait for what is already on its way, though they change nothing */
  add(changes: readonly Change[], about: readonly Sensor[]): Promise<void> {
    const sensors = [...new Set([...about, ...changes.map((c) => c.sensor)])];
    for (const { ix } of sensors) this.writing.set(ix, (this.writing.get(ix) ?? 0) + 1);
    const durable = new Promise<void>((done, fail) => {
      const last = this.groups.at(-1);
      const fits = last && last.parts.length < PER_GROUP && !sensors.some(({ ix }) => last.sensors.has(ix));
      const group: Group = fits ? last : { parts: [], sensors: new Set() };
      if (!fits) this.groups.push(group);
      group.parts.push({ changes, done, fail });
      for (const { ix } of sensors) group.sensors.add(ix);
    });
    this.waiting ??= setImmediate(() => this.flush());
    return durable.then(
      () => this.finish(sensors, false),
      (error) => {
        this.finish(sensors, true);
        throw error;
      },
    );
  }
  private finish(sensors: readonly Sensor[], failed: boolean) {
    for (const sensor of sensors) {
      const left = this.writing.get(sensor.ix)! - 1;
      if (left > 0) this.writing.set(sensor.ix, left);
      else {
        this.writing.delete(sensor.ix);
        this.options.settled(sensor, failed);
      }
    }
  }

  /** Decide now what waits: the ledger decides in this very turn, in order. */
  flush() {
    if (this.waiting) clearImmediate(this.waiting);
    this.waiting = null;
    const groups = this.groups;
    this.groups = [];
    for (const { parts } of groups) this.append(parts);
  }
  private append(parts: readonly Part[]) {
    const sent: Promise<void> = this.options.ledger
      .append(RULES, (world) =>
        this.options.facts(
          world,
          parts.flatMap((p) => p.changes),
        ),
      )
      .then(
        () => {
          for (const p of parts) p.done();
        },
        (error) => {
          // a fact the ledger does not take must not take the others with it
          if (error instanceof FactError && parts.length > 1) for (const p of parts) this.append([p]);
          else for (const p of parts) p.fail(error);
        },
      )
      .finally(() => this.underWay.delete(sent));
    this.underWay.add(sent);
  }

  async close() {
    this.flush();
    while (this.underWay.size) await Promise.all([...this.underWay]);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { alarmId } from '../../model/alarm.ts';
import { drawPlace } from '../matters.ts';
import { intBetween, pick, rngFor, shuffle } from '../rng.ts';
import { lift } from '../sensor-kinds.ts';
import { communities, STREET } from '../street/plan.ts';
import { buildStreet, type Court, type Street } from '../street/street.ts';

export interface FloodOptions {
  /** address of the server, e.g. http://127.0.0.1:8080 */
  readonly url: string;
  /** address of the broker, e.g. mqtt://127.0.0.1:1883 */
  readonly mqtt: string;
  /** the administrator's token: registers the sensors of the drill */
  readonly token: string;
  /** alarms, each of a sensor of its own, beside the one of the first priority */
  readonly count: number;
  /** seconds within which they are raised */
  readonly overS: number;
  readonly log: (line: string) => void;
  /** told in the moment the button is pressed, epoch ms */
  readonly onFirst?: (at: number) => void;
  readonly signal?: AbortSignal;
}
export interface Flood {
  /** readings the broker has confirmed */
  readonly sent: number;
  /** ids of the alarms they raise */
  readonly alarms: readonly string[];
  /** the alarm of the first priority in the middle of it, and when its reading was handed to the broker, epoch ms */
  readonly first: { readonly alarm: string; readonly at: number };
  /** Every sensor of the drill reads what it should again; resolves when the broker has confirmed it. */
  clear(): Promise<void>;
}

interface Drill {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly lngLat: readonly [number, number];
  readonly area: string;
  readonly rule: string;
  readonly bad: number;
  readonly good: number;
  /** part of the whole time after which it happens, 0 to 1 */
  readonly when: number;
}

const ROWS = 2000;
/** Part of the flood that the power cut makes, and of that the lifts. */
const CUT = 0.62;
const LIFTS = 0.2;
/** The power fails within the first third; the storm goes on. */
const CUT_WITHIN = 0.35;

/**
 * A drill: a power cut takes the lamps and lifts of one grid, a storm lifts the covers of one community, and in the middle of it somebody
 * presses a button. As many sensors are registered for it as there are to be alarms: the street's own could not raise so many
 * different ones. Through the same doors as real devices.
 * @throws Error where the server refuses the registration or the broker cannot be reached
 */
export async function flood({ url, mqtt: broker, token, count, overS, log, onFirst, signal }: FloodOptions): Promise<Flood> {
  const street = buildStreet();
  const drills = drillsOf(street, count);
  await register(url, token, drills);
  log(`演练设备 ${drills.length} 已登记`);
  const client = await connect(broker);
  const publish = (d: Drill, value: number) =>
    client.publishAsync(`genglou/${STREET.code}/sensor/${d.id}/reading`, JSON.stringify({ at: new Date().toISOString(), value }), {
      qos: 1,
    });
  let sent = 0;
  let first = 0;
  const confirmed: Promise<unknown>[] = [];
  try {
    const began = Date.now();
    for (const [i, d] of drills.entries()) {
      const due = began + d.when * overS * 1000;
      if (due > Date.now()) await sleep(due - Date.now(), undefined, signal ? { signal } : {});
      if (signal?.aborted) break;
      if (d.kind === 'sos') {
        first = Date.now();
        onFirst?.(first);
        log(`P1 ${FLOOD_P1} ${new Date(first).toISOString()}`);
      }
      confirmed.push(publish(d, d.bad));
      sent += 1;
      if ((i + 1) % 500 === 0) log(`${i + 1} / ${drills.length}，${((Date.now() - began) / 1000).toFixed(1)} s`);
    }
    await Promise.all(confirmed);
  } finally {
    await client.endAsync();
  }
  return {
    sent,
    alarms: drills.map((d) => alarmId(d.id, d.rule)),
    first: { alarm: FLOOD_P1, at: first },
    clear: () => calm(broker, drills),
  };
}

const BUTTON = 'drill-sos-0001';
/** Id of the alarm of the first priority in the middle of every flood. */
export const FLOOD_P1 = alarmId(BUTTON, 'pressed');

/** In order of time. The same sensors for the same count. */
function drillsOf(street: Street, count: number): Drill[] {
  const r = rngFor(street.seed, 'drill');
  const homes = (within: string) => street.courts.filter((c) => c.code.startsWith(within) && c.kind === 'homes' && c.kerb.length > 2);
  const dark = homes(
    pick(
      r,
      street.areas.filter((a) => a.level === 'grid'),
    ).code,
  );
  const wet = homes(communities[intBetween(r, 0, communities.length - 1)]!.code);
  const lamps = Math.round(count * CUT * (1 - LIFTS));
  const lifts = Math.round(count * CUT) - lamps;
  const of = (n: number, where: readonly Court[], make: (i: number, court: Court) => Omit<Drill, 'lngLat' | 'area'>): Drill[] =>
    Array.from({ length: n }, (_, i) => {
      const court = where[i % where.length]!;
      return { ...make(i, court), lngLat: drawPlace(court, r), area: court.code };
    });
  const no = (i: number) => String(i + 1).padStart(4, '0');
  const cut = () => CUT_WITHIN * r() ** 1.5;
  const all = [
    ...of(lamps, dark, (i, c) => ({ ...lamp, id: `drill-lamp-${no(i)}`, name: `${c.name}路灯（演练 ${no(i)}）`, when: cut() })),
    ...of(lifts, dark, (i, c) => ({ ...car, id: `drill-lift-${no(i)}`, name: `${c.name}电梯（演练 ${no(i)}）`, when: cut() })),
    ...of(count - lamps - lifts, wet, (i, c) => ({
      ...cover,
      id: `drill-cover-${no(i)}`,
      name: `${c.name}井盖（演练 ${no(i)}）`,
      when: r(),
    })),
    ...of(1, shuffle(r, wet), (_, c) => ({ ...button, id: BUTTON, name: `${c.name} SOS 按钮（演练）`, when: 0.5 })),
  ];
  return all.sort((a, b) => a.when - b.when);
}
const lamp = { kind: 'lamp', rule: 'low', bad: 0, good: 221 };
const car = { kind: 'lift', rule: 'stopped', bad: lift.noPower, good: lift.running };
const cover = { kind: 'manhole', rule: 'high', bad: 38, good: 1 };
const button = { kind: 'sos', rule: 'pressed', bad: 1, good: 0 };

async function register(url: string, token: string, drills: readonly Drill[]) {
  for (let i = 0; i < drills.length; i += ROWS) {
    const sensors = drills.slice(i, i + ROWS).map(({ id, kind, name, lngLat, area }) => ({ id, kind, name, lngLat, area }));
    const answer = await fetch(`${url.replace(/\/$/, '')}/api/v1/registry`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ sensors }),
    });
    if (!answer.ok) throw new Error(`/api/v1/registry: ${answer.status} ${(await answer.text()).slice(0, 400)}`);
  }
}

const connect = (broker: string): Promise<MqttClient> =>
  mqtt.connectAsync(broker, { clientId: 'genglou-drill', connectTimeout: 8000 }, false);

async function calm(broker: string, drills: readonly Drill[]) {
  const client = await connect(broker);
  const at = new Date().toISOString();
  await Promise.all(
    drills.map((d) =>
      client.publishAsync(`genglou/${STREET.code}/sensor/${d.id}/reading`, JSON.stringify({ at, value: d.good }), { qos: 1 }),
    ),
  );
  await client.endAsync();
}

import { setTimeout as sleep } from 'node:timers/promises';
import { alarmRules } from './alarm-rules.ts';
import { cared, cares } from './cares.ts';
import { demoCentre } from './centre.ts';
import { cameras, sensors } from './devices.ts';
import { facilities, tours } from './facilities.ts';
import { HISTORY_DAYS, history } from './history.ts';
import { isLastOnDesk } from './opening-desk.ts';
import { demoSosRule, rounds } from './patrol.ts';
import { callers, elders, staff } from './people.ts';
import { permits } from './permits.ts';
import type { PastFact } from './story.ts';
import { basemap, boundaries } from './street/geojson.ts';
import { buildStreet } from './street/street.ts';
import { bindTerminals } from './terminals.ts';

export interface LoadOptions {
  /** address of the server, e.g. http://127.0.0.1:8080 */
  readonly url: string;
  /** the administrator's token (DATA_DIR/admin.token) */
  readonly token: string;
  /** epoch ms the history leads up to */
  readonly now: number;
  readonly log: (line: string) => void;
  /** patrol units to register; 48 unless a load test wants more */
  readonly units?: number;
}

/**
 * Work that keeps the process busy for seconds. The server meanwhile hangs up on a connection that is silent: the pause lets us hear of it
 * before the next request is written to that connection.
 */
async function made<T>(work: () => T): Promise<T> {
  const result = work();
  await sleep(20);
  return result;
}

const DAY = 86_400_000;
const FACTS_PER_REQUEST = 2000;
const ROWS_PER_REQUEST = 2000;

/**
 * Bring the demonstration street into an empty centre through the server's own doors. Does nothing where a centre with history
 * is; where an earlier load was cut short, goes on behind the last fact the ledger holds.
 * @throws Error naming the request and the server's answer.
 */
export async function loadDemo({ url, token, now, log, units = 48 }: LoadOptions): Promise<void> {
  const base = url.replace(/\/$/, '');
  async function ask<T>(path: string, body?: unknown): Promise<T> {
    const answer = await fetch(base + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 400)}`);
    return (text ? JSON.parse(text) : {}) as T;
  }

  const session = await ask<{ centre: string | null }>('/api/v1/session');
  if (session.centre !== null && session.centre !== demoCentre.code) {
    log(`已有辖区 ${session.centre}，不载入演示街道`);
    return;
  }
  const done = session.centre === null ? new Map<string, number>() : await recorded(ask);
  const ready = done.get('ready');
  if (ready) {
    log('演示街道已在，跳过');
    await bindTerminals(ask, () => made(() => staff(buildStreet(), units).units));
    return;
  }

  const street = await made(buildStreet);
  const crew = staff(street, units);
  const parts = await made(() => ({ street, sensors: sensors(street), units: crew.units, now }));
  // told before anything is registered: the server's clocks wait for a past that follows without a pause
  let facts = await made(() => history(parts));
  const from = new Date(now - HISTORY_DAYS * DAY).toISOString();
  const asOf = `?at=${encodeURIComponent(from)}`;
  // a load that was cut short begins again where it stopped: what is recorded already is not sent again
  const begun = done.get('facts') ?? 0;
  if (begun === 0) {
    if (!done.has('centre.configured')) await ask(`/api/v1/centre${asOf}`, demoCentre);
    if (!done.has('boundaries.published')) {
      const geojson = await made(() => boundaries(street));
      log(`边界 ${geojson.features.length} 个区域`);
      await ask(`/api/v1/boundaries${asOf}`, { geojson, validFrom: from });
    }
    if (!done.has('basemap.published')) {
      const geojson = await made(() => basemap(street));
      log(`底图 ${geojson.features.length} 个要素`);
      await ask(`/api/v1/basemap${asOf}`, { geojson });
    }
    const eyes = cameras(street);
    const register = async (what: string, name: string, rows: readonly unknown[]) => {
      for (const page of pages(rows, ROWS_PER_REQUEST)) await ask(`/api/v1/registry${asOf}`, { [name]: page });
      log(`${what} ${rows.length}`);
    };
    await register('人员', 'people', crew.people);
    await register(
      '来电居民',
      'people',
      callers(street).map((p) => ({ ...p, kind: 'caller' })),
    );
    await register('巡防力量', 'units', crew.units);
    await register(
      '独居老人',
      'people',
      elders(street).map((p) => ({ ...p, kind: 'caller' })),
    );
    const sites = facilities(street, now);
    await register('设施', 'facilities', sites);
    await register('示范路线', 'tours', tours(street, sites));
    await register('感知设备', 'sensors', parts.sensors);
    const rules = [...alarmRules(parts.sensors, sites), demoSosRule];
    for (const rule of rules) await ask(`/api/v1/alarm-rules${asOf}`, { rule });
    log(`告警规则 ${rules.length}`);
    await register('视频', 'cameras', eyes);
    await register('责任岗位', 'duties', crew.duties);
    await register('便民摊点', 'permits', permits(street));
    await register('巡查', 'rounds', rounds(street));
    await register(
      '走访对象',
      'people',
      cared(street).map((p) => ({ ...p, kind: 'caller' })),
    );
    await register('走访', 'cares', cares(parts));
  }

  if (begun > 0) {
    log(`接续上次载入，已有 ${begun} 条`);
    facts = remaining(facts, begun, done.get('at')!);
  }
  let sent = 0;
  for (const page of pages(facts, FACTS_PER_REQUEST)) {
    await ask('/api/v1/history', { facts: page.map((f) => ({ ...f, at: new Date(f.at).toISOString() })) });
    sent += page.length;
    log(`历史 ${sent} / ${facts.length} 条`);
  }
  await bindTerminals(ask, () => crew.units);
}

function* pages<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size);
}

interface Recorded {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly body: { readonly incident?: string };
}
/** What an earlier load left: kinds that are recorded, how far the facts got, whether the desk was reached. */
async function recorded(ask: <T>(path: string) => Promise<T>): Promise<Map<string, number>> {
  const out = new Map<string, number>();
  async function each(kinds: readonly string[], take: (e: Recorded) => void) {
    for (let after = 0; ; ) {
      const query = `/api/v1/ledger?${kinds.length ? `kind=${kinds.join(',')}&` : ''}after=${after}&limit=5000`;
      const { entries } = await ask<{ entries: Recorded[] }>(query);
      for (const e of entries) take(e);
      if (entries.length < 5000) return;
      after = entries.at(-1)!.seq;
    }
  }
  // the reports alone tell whether all is there: of a day that was played for long, the rest would be read for nothing
  await each(['incident.reported'], (e) => {
    if (isLastOnDesk(e.body.incident!)) out.set('ready', 1);
  });
  if (out.has('ready')) return out;
  await each([], (e) => {
    if (!isPast(e.kind)) out.set(e.kind, 1);
    else {
      out.set('facts', (out.get('facts') ?? 0) + 1);
      out.set('at', e.at);
    }
  });
  return out;
}

const isPast = (kind: string) =>
  kind === 'area.visited' ||
  kind === 'round.closed' ||
  kind === 'care.visited' ||
  kind.startsWith('incident.') ||
  kind.startsWith('alarm.');

/**
 * What is left of a history of which the first `begun` facts, up to `last`, are recorded. Days past are told the same whenever
 * they are told, so it is the rest of the list; where the day has turned in between, whatever began after `last`.
 */
export function remaining(facts: readonly PastFact[], begun: number, last: number): PastFact[] {
  if (facts[begun - 1]?.at === last) return facts.slice(begun);
  const fresh = new Set(
    facts.flatMap((f) =>
      f.at > last && (f.kind === 'incident.reported' || f.kind === 'alarm.raised') ? [f.body.incident ?? f.body.alarm] : [],
    ),
  );
  const begin = new Map<unknown, number>();
  return facts.filter((f) => {
    if (f.at <= last) return false;
    if (f.kind === 'area.visited' || f.kind === 'round.closed' || f.kind === 'care.visited') return true;
    const subject = f.body.incident ?? f.body.alarm;
    if (f.kind === 'incident.reported' || f.kind === 'alarm.raised') begin.set(subject, f.at);
    return fresh.has(subject) && begin.has(subject);
  });
}

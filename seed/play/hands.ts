import { isOpen } from '../../model/incident.ts';
import type { Entry } from '../../model/ledger.ts';
import type { AlarmMove } from './alarm-desk.ts';
import type { Action, Desk, Report } from './desk.ts';
import { scenePicture } from './picture.ts';
import type { DemoServer, EntryNow, WorldNow } from './server.ts';
import type { Move } from './turns.ts';
import type { Walkers } from './walkers.ts';

type Server = Pick<DemoServer, 'ask' | 'upload' | 'entries' | 'entriesOf'>;

interface Done {
  readonly seq: number;
}
interface Candidates {
  readonly candidates: readonly { readonly unit: string; readonly onDuty: boolean; readonly free: boolean }[];
}

/**
 * Carries out what the desk decided, through the server's doors, and brings back what came of it. Knows which entries are its own:
 * whatever else happens to an incident was done by a visitor.
 */
export class Hands {
  reports = 0;
  steps = 0;
  private readonly server: Server;
  private readonly desk: Desk;
  private readonly walkers: Walkers;
  private seq: number;
  /** incident -> the last entry of our own about it */
  private readonly own = new Map<string, number>();
  private readonly reported = new Set<string>();

  constructor(server: Server, desk: Desk, walkers: Walkers, seq: number) {
    this.server = server;
    this.desk = desk;
    this.walkers = walkers;
    this.seq = seq;
  }

  /** Take over the desk as it lies: each open incident from its own entries. How long it has been in its state counts from now. */
  async takeOver(world: WorldNow, now: number) {
    for (const { id, state } of world.incidents) {
      if (!isOpen({ state })) continue;
      await this.lookUp(id, now, now);
    }
    this.desk.alarms.takeOver(world.alarms, now);
    this.walk();
  }

  /** `wall`: our own time at the street's `now`, epoch ms. */
  private async lookUp(incident: string, now: number, wall: number) {
    const entries = (await this.server.entriesOf(incident)) ?? [];
    this.desk.learn(entries.filter((e) => e.seq <= this.seq) as Entry[], now, wall);
  }

  /** Bring the desk up to what the ledger holds now. */
  async follow(now: () => number): Promise<void> {
    for (;;) {
      const entries = await this.server.entries(this.seq);
      if (!entries) return;
      for (const e of entries) {
        const { incident } = e.body as { incident?: string };
        this.seq = e.seq;
        // what ended long ago and is opened again is new to the desk
        if (e.kind === 'incident.reopened' && incident && !this.desk.knows(incident)) {
          await this.lookUp(incident, now(), e.at);
          this.desk.leave(incident, e.kind, now());
        } else this.desk.take(e as Entry, now(), incident !== undefined && this.isOwn(e, incident));
      }
      if (entries.length < 2000) break;
    }
    this.walk();
  }

  private isOwn(e: EntryNow, incident: string): boolean {
    if (e.kind === 'incident.reported') return this.reported.has(incident);
    return e.seq <= (this.own.get(incident) ?? 0);
  }

  /** Whoever was sent somewhere goes there, by whomever it was sent; the others go back to their rounds. */
  private walk() {
    const wanted = this.desk.wanted();
    for (const unit of this.walkers.posted()) if (!wanted.has(unit)) this.walkers.release(unit);
    for (const [unit, { area, there }] of wanted) this.walkers.send(unit, area, there);
  }

  /** `at`: our time, ISO 8601; `now`: the street's. */
  async act(actions: readonly Action[], at: string, now: () => number): Promise<void> {
    await this.onAlarms(actions.filter((a) => a.do === 'alarm'));
    for (const [n, a] of actions.entries()) {
      if (a.do === 'report') await this.report(a, at, n);
      else if (a.do === 'alarm') continue;
      else {
        const done = await this.move(a);
        if (done) {
          this.own.set(a.incident, done.seq);
          this.steps += 1;
        } else this.desk.rest(a.incident, now());
      }
    }
  }

  /** The same act on several alarms is one request, as an operator takes a group. */
  private async onAlarms(moves: readonly AlarmMove[]) {
    const groups = new Map<string, { form: AlarmMove['form']; alarms: string[] }>();
    for (const { alarm, form } of moves) {
      const key = JSON.stringify(form);
      const group = groups.get(key) ?? { form, alarms: [] };
      group.alarms.push(alarm);
      groups.set(key, group);
    }
    for (const { form, alarms } of groups.values())
      for (let i = 0; i < alarms.length; i += 1000)
        await this.server.ask('/api/v1/alarms/acts', { alarms: alarms.slice(i, i + 1000), ...form });
  }

  private async report(report: Report, at: string, n: number) {
    const { do: _, ...fields } = report;
    const body = { reports: [{ kind: 'incident', at, ...fields }] };
    const headers = { 'idempotency-key': `demo-${at}-${n}` };
    const ask = () => this.server.ask<{ results: { ok: boolean; id?: string }[] }>('/api/v1/reports', body, headers);
    // once more where the answer was lost: the key keeps it one incident
    const answer = (await ask()) ?? (await ask());
    const id = answer?.results[0]?.id;
    if (!id) return;
    this.reports += 1;
    this.reported.add(id);
  }

  private async move(m: Move): Promise<Done | null> {
    const path = `/api/v1/incidents/${encodeURIComponent(m.incident)}`;
    switch (m.do) {
      case 'whistle':
        return this.server.ask<Done>(`${path}/whistles`, m.form);
      case 'act':
        return this.server.ask<Done>(`${path}/whistles/acts`, m.form);
      case 'photo':
        return this.server.upload<Done>(`${path}/attachments`, scenePicture(m.incident), 'image/png', '现场照片.png');
      case 'step': {
        const chosen = m.choose ? { unit: await this.choose(m.incident, path) } : {};
        return this.server.ask<Done>(`${path}/steps`, { ...m.form, ...chosen });
      }
    }
  }

  /** The first of the candidates the server names who is not sent there already; where it names none, someone of the right trade. */
  private async choose(incident: string, path: string): Promise<string> {
    const list = await this.server.ask<Candidates>(`${path}/candidates`);
    const sent = new Set(this.desk.matters.get(incident)?.incident.crew.map((c) => c.unit));
    const able = (list?.candidates ?? []).filter((c) => c.onDuty && !sent.has(c.unit));
    return (able.find((c) => c.free) ?? able[0])?.unit ?? this.desk.someone(incident);
  }
}

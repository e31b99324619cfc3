import { type Actor, may, WHOLE_CENTRE } from '../../model/access.ts';
import { type EpochMs, epochMs, type LngLat } from '../../model/brand.ts';
import type { BindingForm } from '../../model/device.ts';
import type { Fact } from '../../model/ledger.ts';
import { formRefusal, MAX_AHEAD_MS, type Refusal, zPosition } from '../../model/report.ts';
import { treeOf } from '../../model/world.ts';
import type { Engine } from '../engine.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Places } from '../places.ts';
import { Refused } from '../refused.ts';
import type { Binding, DeviceStore, WaitingDevice, WaitingFix } from '../store/devices.ts';
import type { Store } from '../store/store.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { bindingMistakes } from './binding-mistakes.ts';
import { drawnDeviceId } from './device-id.ts';
import type { DeviceFix, Devices, Taken } from './devices.ts';
import { WaitingRoom, waitingLimits } from './waiting.ts';

/** A kept fix this young may still say where the unit is; older ones are its past. */
export const RECENT_MS = 10 * 60_000;
const FLUSH_MS = 5000;
const SWEEP_MS = 10 * 60_000;

/** `handed`: kept fixes that became the unit's; `refused`: those that were not believed. */
export interface Bound extends BindingForm {
  readonly id: string;
  readonly handed: number;
  readonly refused: number;
}
export interface DeviceRegister extends Devices {
  bound(): readonly Binding[];
  waiting(): readonly WaitingDevice[];
  /** The last fixes of a waiting device by its opaque id, newest first; null = no such device waits. */
  waitingFixes(id: string, limit: number): Promise<readonly WaitingFix[] | null>;
  /** All or none. @throws Refused 409 naming the first that cannot be bound */
  bind(actor: Actor, bindings: readonly BindingForm[]): Promise<readonly Bound[]>;
  /** All or none. @throws Refused 409 naming the first that is not bound */
  release(actor: Actor, devices: readonly { readonly door: string; readonly device: string }[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface Parts {
  readonly store: Pick<Store, 'readEntries'> & { readonly devices: DeviceStore };
  readonly ledger: Pick<Ledger, 'world' | 'append'>;
  readonly engine: Pick<Engine, 'receive'>;
  readonly telemetry: Pick<Telemetry, 'unit'>;
  readonly places: Pick<Places, 'locate'>;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}
const keyOf = (door: string, device: string) => `${door}\0${device}`;

/** Which device is which unit, and who waits to be bound. Finishes at the start what a crash left half done. */
export async function openDevices({ store, ledger, engine, telemetry, places, now, onError }: Parts): Promise<DeviceRegister> {
  const table = store.devices;
  const byDevice = new Map<string, Binding>();
  const byUnit = new Map<string, Binding>();
  const heardAt = new Map<string, number>();
  let unwritten = new Map<string, number>();
  const room = new WaitingRoom(table, waitingLimits, await table.waiting());
  /** bindings are changed one after another */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  };

  /** devices just being bound: what they report waits until it is known whose it is */
  const becoming = new Map<string, Promise<unknown>>();

  const enter = (b: Binding) => {
    byDevice.set(keyOf(b.door, b.device), b);
    byUnit.set(b.unit, b);
    if (b.lastAt !== null) heardAt.set(b.id, Math.max(b.lastAt, heardAt.get(b.id) ?? 0));
  };
  const leave = (b: Binding) => {
    byDevice.delete(keyOf(b.door, b.device));
    byUnit.delete(b.unit);
    heardAt.delete(b.id);
    unwritten.delete(b.id);
  };
  const hear = (b: Binding, at: number) => {
    if (at <= (heardAt.get(b.id) ?? 0)) return;
    heardAt.set(b.id, at);
    unwritten.set(b.id, at);
  };
  const boundFact = ({ id, door, unit }: Binding): Fact => ({ kind: 'device.bound', body: { device: id, door, unit } });
  const releasedFact = ({ id, door, unit }: Binding): Fact => ({ kind: 'device.released', body: { device: id, door, unit } });

  function report(unit: string, { at, lngLat, heading, speed, sos, past }: DeviceFix) {
    const said = { ...(sos === undefined ? {} : { sos }), ...(past ? { past } : {}) };
    return { kind: 'position', unit, at: new Date(at).toISOString(), lngLat, heading, speed, ...said };
  }

  /** What was kept of a device becomes its unit's history; only a newest fix that is recent may still move the marker. */
  async function handOver(b: Binding, sos: boolean): Promise<{ handed: number; refused: number }> {
    const actor: Actor = { id: b.door, role: 'device', area: WHOLE_CENTRE };
    const told = { handed: 0, refused: 0 };
    const fixes = await table.fixesOf(b.id);
    const newest = fixes.at(-1);
    const isNews = (f: WaitingFix) =>
      f === newest && f.at > now() - RECENT_MS && f.at > (telemetry.unit(b.unit)?.at ?? Number.NEGATIVE_INFINITY);
    for (const f of fixes) {
      const { at, heading, speed } = f;
      const place = { at, lngLat: [f.lng, f.lat] as LngLat, heading, speed };
      const fix: DeviceFix = isNews(f) ? (sos ? { ...place, sos } : place) : { ...place, past: true };
      const outcome = await engine.receive(report(b.unit, fix), { actor, receivedAt: epochMs(now()) });
      if (outcome.ok) told.handed += 1;
      else told.refused += 1;
    }
    await table.dropWaiting([b.id]);
    return told;
  }

  /** Fixes that would be refused of a bound device are refused of an unknown one too. */
  function flawOf(fix: DeviceFix, actor: Actor, receivedAt: EpochMs): Refusal | null {
    if (!isTime(fix.at)) return { field: 'at', rule: 'a time', reason: 'form' };
    const form = zPosition.safeParse(report('unknown', fix));
    if (!form.success) return formRefusal(form.error, 'report');
    if (fix.at > receivedAt + MAX_AHEAD_MS) return future;
    const allowed = may(actor, 'report', places.locate(fix.lngLat), treeOf(ledger.world));
    return allowed.ok ? null : { field: 'actor', rule: allowed.rule, reason: 'not-allowed' };
  }

  async function finish() {
    for (const b of await table.bindings()) {
      const kind = b.state === 'releasing' ? 'device.released' : 'device.bound';
      if (b.state !== 'bound') {
        const told = await store.readEntries({ subject: b.unit, kinds: [kind], limit: 100_000 });
        const isTold = told.some((e) => JSON.parse(e.body).device === b.id);
        if (!isTold) await ledger.append(b.boundBy, () => [b.state === 'releasing' ? releasedFact(b) : boundFact(b)]);
      }
      if (b.state === 'releasing') {
        await table.dropBindings([b.id]);
        continue;
      }
      if (b.state === 'binding') await table.setState([b.id], 'bound');
      enter({ ...b, state: 'bound' });
      const waits = room.byId(b.id);
      if (!waits) continue;
      room.leave(b.id);
      await handOver(b, waits.sosAt !== null); // some of it perhaps for the second time: a fix is known by its time
    }
  }
  await finish();

  async function bindAll(actor: Actor, forms: readonly BindingForm[]): Promise<Bound[]> {
    const waits = forms.map((f) => room.get(f.door, f.device));
    const bindings = forms.map((f, i): Binding => {
      const at = { boundAt: now(), boundBy: actor.id, lastAt: waits[i]?.lastAt ?? null };
      return { ...f, id: waits[i]?.id ?? drawnDeviceId(), ...at, state: 'binding' };
    });
    const ids = bindings.map((b) => b.id);
    await room.settled(); // whatever they have reported is in the store now, and nothing comes after it
    await table.putBindings(bindings);
    try {
      await ledger.append(actor.id, () => bindings.map(boundFact));
    } catch (error) {
      await table.dropBindings(ids).catch(onError); // else the next start finishes it
      throw error;
    }
    for (const b of bindings) {
      enter({ ...b, state: 'bound' });
      if (b.lastAt !== null) unwritten.set(b.id, b.lastAt);
      room.leave(b.id);
    }
    await table.setState(ids, 'bound');
    const told = await Promise.all(bindings.map((b, i) => handOver(b, (waits[i]?.sosAt ?? null) !== null)));
    return forms.map((f, i) => ({ ...f, id: ids[i]!, ...told[i]! }));
  }

  async function flush() {
    const heard = unwritten;
    unwritten = new Map();
    if (heard.size) await table.putHeard(heard);
    await room.flush();
  }
  const timers = [
    setInterval(() => void flush().catch(onError), FLUSH_MS),
    setInterval(() => void room.sweep(now()).catch(onError), SWEEP_MS),
  ];

  return {
    unitOf: (door, device) => byDevice.get(keyOf(door, device))?.unit ?? null,
    deviceOf(unit) {
      const b = byUnit.get(unit);
      return b ? { door: b.door, device: b.device } : null;
    },
    bound: () => [...byDevice.values()].map((b) => ({ ...b, lastAt: heardAt.get(b.id) ?? null })),
    waiting: room.list,
    async waitingFixes(id, limit) {
      if (!room.byId(id)) return null;
      await room.settled();
      return table.newestFixesOf(id, limit);
    },

    async take(door, device, fix, receipt): Promise<Taken> {
      const key = keyOf(door, device);
      if (becoming.has(key)) await becoming.get(key)!.catch(() => {});
      const b = byDevice.get(key);
      if (b && isTime(fix.at)) {
        hear(b, receipt.receivedAt);
        return engine.receive(report(b.unit, fix), receipt);
      }
      const flaw = flawOf(fix, receipt.actor, receipt.receivedAt);
      if (flaw) return { ok: false, refusal: flaw };
      const kept = room.keep(door, device, fix, receipt.receivedAt);
      if (!kept) return { ok: false, refusal: tooMany };
      await kept;
      return { ok: true, waiting: true };
    },
    heard(door, device, at) {
      const key = keyOf(door, device);
      const b = byDevice.get(key);
      if (b) hear(b, at);
      else if (!becoming.has(key)) room.heard(door, device, at);
    },

    bind: (actor, forms) =>
      inTurn(() => {
        const unitOf = (f: BindingForm) => byDevice.get(keyOf(f.door, f.device))?.unit ?? null;
        const doorOf = (unit: string) => byUnit.get(unit)?.door ?? null;
        for (const { index, field, rule } of bindingMistakes(forms, ledger.world, unitOf, doorOf))
          throw new Refused(409, `devices.${index}.${field}`, rule);
        const keys = forms.map((f) => keyOf(f.door, f.device));
        const done = bindAll(actor, forms).finally(() => {
          for (const key of keys) becoming.delete(key);
        });
        for (const key of keys) becoming.set(key, done);
        return done;
      }),

    release: (actor, devices) =>
      inTurn(async () => {
        const found = devices.map(({ door, device }, i) => {
          const b = byDevice.get(keyOf(door, device));
          if (!b) throw new Refused(409, `devices.${i}.device`, 'not bound to any unit');
          return b;
        });
        const all = [...new Set(found)];
        const ids = all.map((b) => b.id);
        await table.setState(ids, 'releasing');
        try {
          await ledger.append(actor.id, () => all.map(releasedFact));
        } catch (error) {
          await table.setState(ids, 'bound').catch(onError);
          throw error;
        }
        for (const b of all) leave(b);
        await table.dropBindings(ids);
        return all.map((b) => b.unit);
      }),

    async close() {
      for (const timer of timers) clearInterval(timer);
      await turn;
      await flush().catch(onError);
    },
  };
}

const isTime = (ms: number) => Math.abs(ms) <= 8.64e15;
const future: Refusal = { field: 'at', rule: `more than ${MAX_AHEAD_MS / 60_000} minutes ahead of the server's clock`, reason: 'future' };
const tooMany: Refusal = {
  field: 'device',
  rule: `nobody has bound it, and ${waitingLimits.devices} unknown devices wait already`,
  reason: 'too-large',
};

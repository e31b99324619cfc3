import { type Actor, may } from '../model/access.ts';
import type { AreaCode, EpochMs } from '../model/brand.ts';
import { type Centre, categoryOf, OTHER_CATEGORY } from '../model/centre.ts';
import { reportedFact } from '../model/incident-step.ts';
import { intakeRefusal } from '../model/intake.ts';
import { FAR_M, type Implausible } from '../model/plausible.ts';
import {
  type Caller,
  formRefusal,
  type IncidentReport,
  MAX_AHEAD_MS,
  type PositionReport,
  type ReadingReport,
  type Refusal,
  type StateReport,
  telDigits,
  zReport,
} from '../model/report.ts';
import { rangeRefusal } from '../model/sensor-range.ts';
import { incidentOf, type Sensor, treeOf, type Unit } from '../model/world.ts';
import type { Watch } from './alarms/watch.ts';
import type { FixJudge } from './devices/fix-judge.ts';
import { callerId, incidentId } from './incident-id.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { PatrolWatch } from './patrol/patrol-watch.ts';
import type { Places } from './places.ts';
import type { Store } from './store/store.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** How a report came in. `key`: the same report handed in again (a retry, a redelivery) carries the same key and is taken once. */
export interface Receipt {
  readonly actor: Actor;
  readonly receivedAt: EpochMs;
  readonly key?: string;
}
/** `id`: the unit, sensor or incident; `area`: the leaf area the report fell into, null = outside; `known`: the incident was taken before. */
export type Outcome =
  | { readonly ok: true; readonly id: string; readonly area: AreaCode | null; readonly at?: EpochMs; readonly known?: true }
  | { readonly ok: false; readonly refusal: Refusal };

export interface Engine {
  /** Resolves when everything the report caused is durable. Rejects only when it cannot be written: the door asks to try again. */
  receive(input: unknown, receipt: Receipt): Promise<Outcome>;
  /** A device came online or went offline. */
  deviceState(report: StateReport, receipt: Receipt): Outcome;
}

interface Parts {
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly places: Places;
  readonly watch: Pick<Watch, 'hear'>;
  /** is a fix to be believed? */
  readonly judge: FixJudge;
  readonly patrol: Pick<PatrolWatch, 'hear' | 'doubt'>;
  readonly store: Pick<Store, 'readEntries' | 'putCaller'>;
  /** a camera said whether it is online; units and sensors are in telemetry */
  readonly cameraSaid: (camera: string, online: boolean, at: EpochMs) => void;
  readonly now: () => number;
}

export function openEngine({ ledger, telemetry, places, watch, judge, patrol, store, cameraSaid, now }: Parts): Engine {
  /** The journey of a report, from bytes someone sent to facts someone answers for. */
  async function receive(input: unknown, receipt: Receipt): Promise<Outcome> {
    // 1. Validate: is it of the form, does it speak of something we know, is its clock sane?
    const form = zReport.safeParse(input);
    if (!form.success) return refuse(formRefusal(form.error, 'report'));
    const report = form.data;
    const world = ledger.world;
    if (!world.centre) return refuse(noCentre);
    if (report.at > receipt.receivedAt + MAX_AHEAD_MS) return refuse(future);
    const unit = report.kind === 'position' ? world.units.get(report.unit) : undefined;
    const sensor = report.kind === 'reading' ? world.sensors.get(report.sensor) : undefined;
    if (report.kind === 'position' && !unit) return refuse(unknownId('unit', report.unit));
    if (report.kind === 'reading' && !sensor) return refuse(unknownId('sensor', report.sensor));
    const beyond = report.kind === 'reading' ? rangeRefusal(world.centre, sensor!.kind, report.value) : null;
    if (beyond) return refuse(beyond);
    if (report.kind === 'incident' && !knowsCategory(world.centre, report.category)) return refuse(unknownId('category', report.category));

    // 2. Locate: which micro-grid? A sensor stands where it was registered.
    const area = report.kind === 'reading' ? places.ofSensor(sensor!) : places.locate(report.lngLat);
    const allowed = may(receipt.actor, 'report', area, treeOf(world));
    if (!allowed.ok) return refuse({ field: 'actor', rule: allowed.rule, reason: 'not-allowed' });

    // 3. Telemetry takes what will soon be replaced; 4. rules decide which facts follow; 5. the ledger makes them durable.
    switch (report.kind) {
      case 'position':
        return position(report, unit!, area, receipt);
      case 'reading':
        await reading(report, sensor!, area, receipt);
        return { ok: true, id: sensor!.id, area, at: report.at };
      case 'incident':
        return incident(report, area, receipt);
    }
  }

  /** A fix is believed, kept apart, or known already. Whoever presses SOS is heard whatever the place says. */
  async function position(report: PositionReport, unit: Unit, area: AreaCode | null, { receivedAt }: Receipt): Promise<Outcome> {
    const { lngLat, heading, speed, at, sos, past = false } = report;
    const known = telemetry.unit(unit.id);
    const judged = judge(unit.id, report, past, receivedAt);
    if (judged.is === 'implausible' || judged.is === 'duplicate') {
      if (judged.is === 'implausible' && !past) patrol.doubt(unit, { at, receivedAt, reason: judged.reason });
      if (sos !== undefined && !past) {
        telemetry.sos(unit.id, sos);
        const where = known ? { lngLat: known.lngLat, area: known.area } : { lngLat, area: null };
        if (sos) await patrol.hear(unit, { at, receivedAt, ...where, recency: 'live', sos, doubted: true });
      }
      await judged.kept;
      return judged.is === 'duplicate' ? { ok: true, id: unit.id, area, at } : refuse(implausible(judged.reason));
    }
    const recency = telemetry.position({ id: unit.id, ix: unit.ix, lngLat, heading, speed, at, receivedAt, area, past, sos });
    await patrol.hear(unit, { at, receivedAt, lngLat, area, recency, ...(sos === undefined ? {} : { sos }) });
    return { ok: true, id: unit.id, area, at };
  }

  async function reading({ value, at }: ReadingReport, sensor: Sensor, area: AreaCode | null, { receivedAt }: Receipt) {
    const heard = watch.hear(sensor, { value, at, receivedAt });
    telemetry.reading({ id: sensor.id, ix: sensor.ix, value, at, receivedAt, area, alarm: heard.alarm, past: heard.past ?? false });
    await heard.durable;
  }

  /** A ticket of a source is one incident, however often and by whom it is handed in. */
  async function incident(report: IncidentReport, area: AreaCode | null, receipt: Receipt): Promise<Outcome> {
    const id = incidentId(report.ref ? `\0${report.source}\0${report.ref}` : receipt.key);
    const taken: Outcome = { ok: true, id, area, at: report.at };
    if (incidentOf(ledger.world, id) || (report.ref && (await isInLedger(id)))) return { ...taken, known: true };
    const broken = intakeRefusal(ledger.world, report, receipt.actor, area);
    if (broken) return refuse(broken);
    const reporter = report.caller && (await keepCaller(report.caller, id));
    let refusal: Refusal | null = null;
    const entries = await ledger.append(receipt.actor.id, (world) => {
      if (incidentOf(world, id)) return []; // handed in again while the first is on its way
      refusal = intakeRefusal(world, report, receipt.actor, area);
      return refusal ? [] : [reportedFact(world, id, { ...report, ...(reporter ? { reporter } : {}) }, area, now())];
    });
    if (refusal) return refuse(refusal);
    return entries.length ? taken : { ...taken, known: true };
  }

  /** The world lets go of what has ended; the ledger does not. */
  const isInLedger = async (incident: string) => (await store.readEntries({ subject: incident, limit: 1 })).length > 0;

  /** @returns the vault id; undefined for an anonymous caller without a number: there is nothing to keep */
  async function keepCaller({ name, tel, anonymous }: Caller, incident: string): Promise<string | undefined> {
    const digits = tel === undefined ? null : telDigits(tel);
    if (anonymous && digits === null) return undefined;
    // without a number a person is only known as the caller of this incident
    const id = digits === null ? callerId(incident) : callerId();
    return store.putCaller({ id, name: anonymous ? '' : name!.trim(), tel: digits, anonymous });
  }

  function deviceState(report: StateReport, receipt: Receipt): Outcome {
    const world = ledger.world;
    if (!world.centre) return refuse(noCentre);
    const { of, id, online } = report;
    const device = { unit: world.units, sensor: world.sensors, camera: world.cameras }[of].get(id);
    if (!device) return refuse(unknownId(of, id));
    const area = of === 'unit' ? (telemetry.unit(id)?.area ?? device.area) : device.area;
    const allowed = may(receipt.actor, 'report', area, treeOf(world));
    if (!allowed.ok) return refuse({ field: 'actor', rule: allowed.rule, reason: 'not-allowed' });
    if (of === 'camera') cameraSaid(id, online, receipt.receivedAt);
    else telemetry.state(of, id, online);
    return { ok: true, id, area };
  }

  return { receive, deviceState };
}

const knowsCategory = (centre: Centre, code: string) => code === OTHER_CATEGORY.code || categoryOf(centre, code).code === code;

const refuse = (refusal: Refusal): Outcome => ({ ok: false, refusal });
const noCentre: Refusal = { field: 'centre', rule: 'no centre is set up yet', reason: 'place' };
const future: Refusal = { field: 'at', rule: `more than ${MAX_AHEAD_MS / 60_000} minutes ahead of the server's clock`, reason: 'future' };
const unknownId = (field: string, id: string): Refusal => ({ field, rule: `${field} ${id} is not registered`, reason: 'unknown-id' });
const notBelieved: Readonly<Record<Implausible, string>> = {
  zero: 'within a kilometre of 0° N 0° E: the receiver has no fix',
  far: `more than ${FAR_M / 1000} km from the centre's areas`,
  jump: 'farther from the last believed fix than anybody moves in that time',
};
const implausible = (reason: Implausible): Refusal => ({ field: 'lngLat', rule: notBelieved[reason], reason: 'implausible' });

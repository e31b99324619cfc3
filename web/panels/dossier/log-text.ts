import type { TFunction } from 'i18next';
import { partsOfAlarm, type Shelf } from '../../../model/alarm.ts';
import { ruleOf } from '../../../model/alarm-rules.ts';
import { kindOfSource } from '../../../model/alarm-source.ts';
import type { AreaCode } from '../../../model/brand.ts';
import { dayKey, departmentOf, sensorKindOf } from '../../../model/centre.ts';
import type { Entry, EntryKind } from '../../../model/ledger.ts';
import { incidentOf, treeOf, type World } from '../../../model/world.ts';
import type { Language } from '../../i18n/language.ts';
import { figureText, testFigure, testText, valueFigure } from '../alarm-words.ts';

/** What the words of a ledger row are taken from. */
export interface LogContext {
  readonly t: TFunction<'wall'>;
  readonly world: World;
  readonly language: Language;
  /** `14:05`, or `11-18 14:05` on another day than the entry's */
  readonly time: (ms: number, near: number) => string;
}

/** Anything a body of an entry may bring that a row speaks of. */
interface Body {
  readonly [key: string]: unknown;
  readonly unit?: string;
  readonly department?: string;
  readonly departments?: readonly string[];
  readonly note?: string;
  readonly reason?: string;
  readonly result?: string;
  readonly text?: string;
  readonly level?: string;
  readonly area?: AreaCode | null;
}

/** Kinds whose row stands under the name of the unit or department itself. */
const spokenFor: ReadonlySet<string> = new Set([
  'incident.noted',
  'incident.joined',
  'incident.whistle-answered',
  'incident.whistle-arrived',
]);

const actors: Readonly<Record<string, 'dossier.demoDesk' | 'dossier.imported' | 'dossier.clock'>> = {
  'demo-operator': 'dossier.demoDesk',
  import: 'dossier.imported',
  clock: 'dossier.clock',
};

export const unitName = (world: World, id: string) => world.units.get(id)?.name ?? id;
export const departmentName = (world: World, code: string, language: Language) => departmentOf(world.centre, code)?.name[language] ?? code;

/** Who made an entry: a unit or department by its name, the demonstration's operator, a rule of the house; else the account's id. */
export function actorName({ world, t, language }: Pick<LogContext, 'world' | 't' | 'language'>, actor: string): string {
  const unit = world.units.get(actor);
  if (unit) return unit.name;
  if (actor in actors) return t(actors[actor]!);
  if (departmentOf(world.centre, actor)) return departmentName(world, actor, language);
  return /^(rule|house|system|engine)/.test(actor) ? t('dossier.house') : actor;
}

/** Who a row is about: the unit or department itself where the desk wrote down what it said, else who made the entry. */
export function speaker(c: Pick<LogContext, 'world' | 't' | 'language'>, entry: Pick<Entry, 'kind' | 'body' | 'actor'>): string {
  const { unit, department } = entry.body as Body;
  if (spokenFor.has(entry.kind) && unit) return unitName(c.world, unit);
  if (spokenFor.has(entry.kind) && department) return departmentName(c.world, department, c.language);
  return actorName(c, entry.actor);
}

/** One level of the tree in words; the one above the street is the centre's own `top`. */
export function levelName(
  { world, t, language }: Pick<LogContext, 'world' | 't' | 'language'>,
  level: string,
  area: AreaCode | null,
): string {
  const name = area ? treeOf(world).byCode.get(area)?.name : undefined;
  const word = world.centre?.levels.find((l) => l.key === level)?.name[language];
  if (name) return name;
  return word ?? world.centre?.escalation.top[language] ?? t('levels.above');
}

/** What a row about an alarm speaks of, in the unit of its rule. */
function alarmParts(c: LogContext, b: Body, at: number): Record<string, string> {
  const { sensor, rule } = partsOfAlarm(String(b.alarm ?? ''));
  const kind = sensorKindOf(c.world.centre, kindOfSource(c.world, sensor));
  const test = kind && ruleOf(c.world, kind.code, rule)?.test;
  const figure = (v: unknown) => {
    if (typeof v !== 'number') return '';
    return figureText(test ? testFigure(c, test, kind, v) : valueFigure(c, kind, v));
  };
  const shelf = b.shelf as Shelf | undefined;
  const until = shelf ? c.t(shelf.kind === 'timed' ? 'alarmWord.until' : 'alarmWord.untilClear', { at: c.time(shelf.until, at) }) : '';
  const by = typeof b.by === 'string' && kind ? (ruleOf(c.world, kind.code, b.by)?.name[c.language] ?? b.by) : '';
  // of a state (pressed, open) the value says it all: it is no limit to be above or below
  const limit = test?.is === 'no-data' ? testText(c, test, kind) : test?.is === 'state' ? '' : figure(b.limit);
  return { value: figure(b.value), limit, until, by, priority: String(b.priority ?? '') };
}

/** A row of 现场记录: what happened, in one phrase, and what was said about it. */
export function logText(c: LogContext, entry: Pick<Entry, 'kind' | 'body' | 'at'>): { readonly what: string; readonly said: string } {
  const { t, world, language } = c;
  const b = entry.body as Body;
  const kind = entry.kind as EntryKind;
  const department = (code: string) => departmentName(world, code, language);
  const to = [b.unit && unitName(world, b.unit), b.department && department(b.department)]
    .filter(Boolean)
    .join(language === 'zh' ? '、' : ', ');
  const list = (codes: readonly string[]) => codes.map(department).join(language === 'zh' ? '、' : ', ');
  const said = [b.reason, b.result, b.note, b.text, (b.shelf as Shelf | undefined)?.reason].filter(Boolean).join(' · ');
  const more = b.more as { n: number; unit: 'urgent-hour' | 'work-hour' | 'work-day' } | undefined;
  const due = (b.reviewAt ?? (b.handleClock as { due?: number } | undefined)?.due ?? b.due) as number | undefined;
  const words: Record<string, string> = {
    to: b.departments ? list(b.departments) : spokenFor.has(kind) ? '' : to,
    ...(more ? { more: t('clocks.limit', { n: more.n, unit: t(`clocks.unit.${more.unit}`) }) } : {}),
    ...(due === undefined ? {} : { due: c.time(due, entry.at) }),
    ...(b.source ? { source: t(`source.${b.source as 'patrol'}`) } : {}),
    ...(b.outcome
      ? { outcome: t(`verdict.outcome.${b.outcome as 'agreed'}`) + (b.organ ? ` · ${t(`verdict.organ.${b.organ as 'court'}`)}` : '') }
      : {}),
    ...(typeof b.kept === 'boolean' ? { kept: t(b.kept ? 'verdict.kept' : 'verdict.broken') } : {}),
    ...(typeof b.solved === 'boolean'
      ? {
          verdict:
            t(b.solved ? 'verdict.solved' : 'verdict.unsolved') +
            (b.satisfaction ? ` · ${t(`verdict.satisfaction.${b.satisfaction as 'fair'}`)}` : ''),
        }
      : {}),
    ...(b.clock ? { clock: t(`clocks.${b.clock as 'file'}`) } : {}),
    ...(b.share ? { share: t(`logWord.${b.share as 'warn'}`) } : {}),
    ...(b.level ? { level: levelName(c, b.level, b.area ?? null) } : {}),
    ...(b.into ? { to: incidentOf(world, b.into as string)?.title ?? (b.into as string) } : {}),
    ...(b.rating ? { n: String(b.rating) } : {}),
    ...(kind === 'incident.attached' ? { to: String(b.name ?? '') } : {}),
    ...(kind.startsWith('alarm.') ? alarmParts(c, b, entry.at) : {}),
    kind,
  };
  const named = kind.replaceAll('.', '-');
  const key = (kind === 'alarm.raised' || kind === 'alarm.revised') && words.limit === '' ? `${named}-state` : named;
  const what = t(`log.${key}` as 'log.other', { ...words, defaultValue: kind });
  const byRule = b.byRule ? t('logWord.byRule') : kind.startsWith('alarm.') && b.again ? t('logWord.again') : '';
  return { what: what.trim(), said: [said, byRule].filter(Boolean).join(' · ') };
}

/** `14:05`, with the date before it where that is another day than the one beside it. */
export function timeNear(ms: number, near: number, utcOffsetMinutes: number, at: (ms: number) => { hm: string; date: string }): string {
  const { hm, date } = at(ms);
  return dayKey(ms, utcOffsetMinutes) === dayKey(near, utcOffsetMinutes) ? hm : `${date} ${hm}`;
}

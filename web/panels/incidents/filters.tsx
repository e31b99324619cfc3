import { type ReactNode, useEffect, useState } from 'react';
import type { AreaCode } from '../../../model/brand.ts';
import { dayStart, type Priority } from '../../../model/centre.ts';
import { incidentSources, incidentStates } from '../../../model/incident.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { fetchChannels } from '../../incidents-api.ts';
import { ask, type ListQuery } from '../../store/view-store.ts';
import { useLive } from './use-live.ts';
import { ViewPicker } from './view-picker.tsx';
import { useNames } from './words.ts';

type Key = keyof ListQuery;
const DAY = 86_400_000;
/** value of the choice of what has none */
const NONE = '~';
/** 时段, in days back from the centre's today */
const periods = { today: 0, week: 6, month: 29 } as const;

/** The query with these fields changed; undefined takes a field away. */
export function withFields(query: ListQuery, patch: { readonly [K in Key]?: ListQuery[K] | undefined }): ListQuery {
  return Object.fromEntries(Object.entries({ ...query, ...patch }).filter(([, v]) => v !== undefined)) as ListQuery;
}

/** 筛选: every field of the query, each as one control; what is narrowed stands in text-1. */
export function Filters() {
  const { t, say } = useText();
  const { view, server } = useApp();
  const query = useView((s) => s.query);
  const centre = useServer((s) => s.world.centre);
  const units = useServer((s) => s.world.units);
  const names = useNames();
  const channels = useLive('channels', (after, signal) => fetchChannels({}, after, signal));
  const set = (patch: { readonly [K in Key]?: ListQuery[K] | undefined }) => ask(view, withFields(query, patch));

  const one = (
    key: 'category' | 'group' | 'channel' | 'department' | 'state' | 'source',
    options: readonly (readonly [string, string])[],
  ) => (
    <Choice
      key={key}
      label={t(`events.filter.${key}`)}
      value={query[key]?.length === 1 && query[key][0] === '' ? NONE : ((query[key] as readonly string[] | undefined)?.join(',') ?? '')}
      options={options}
      onChange={(v) => set({ [key]: v ? (v === NONE ? [''] : v.split(',')) : undefined })}
    />
  );
  const groups = [...new Set((centre?.categories ?? []).flatMap((c) => c.group ?? []))];
  const named = [...new Set((channels.data?.rows ?? []).flatMap((r) => (r.channel ? [r.channel] : [])))];
  const offset = centre?.utcOffsetMinutes ?? 0;
  const since = (days: number) => dayStart(server.getState().world.at, offset) - days * DAY;
  const period = query.from === undefined ? '' : (Object.keys(periods).find((k) => since(periods[k as 'today']) === query.from) ?? 'own');

  return (
    <search className="filters" aria-label={t('events.filter.label')}>
      <TextFilter value={query.q ?? ''} onChange={(q) => set({ q: q || undefined })} />
      <Choice
        label={t('events.filter.open')}
        value={query.open === undefined ? '' : String(query.open)}
        options={[
          ['true', t('events.open')],
          ['false', t('events.ended')],
        ]}
        onChange={(v) => set({ open: v === '' ? undefined : v === 'true' })}
      />
      {one(
        'state',
        incidentStates.map((s) => [s, t(`state.${s}`)]),
      )}
      <Choice
        label={t('events.filter.priority')}
        value={query.priority?.join(',') ?? ''}
        options={([1, 2, 3, 4] as const).map((p) => [String(p), `P${p} ${t(`priority.p${p}`)}`])}
        onChange={(v) => set({ priority: v ? (v.split(',').map(Number) as Priority[]) : undefined })}
      />
      <Choice
        label={t('events.filter.overdue')}
        value={query.overdue === undefined ? '' : String(query.overdue)}
        options={[
          ['true', t('events.late')],
          ['false', t('events.inTime')],
        ]}
        onChange={(v) => set({ overdue: v === '' ? undefined : v === 'true' })}
      />
      <AreaChoice value={query.area ?? null} onChange={(area) => set({ area: area ?? undefined })} />
      <details className="more-filters">
        <summary>{t('events.filter.more')}</summary>
        <div>
          {one(
            'category',
            (centre?.categories ?? []).map((c) => [c.code, say(c.name)]),
          )}
          {groups.length > 0 &&
            one(
              'group',
              groups.map((g) => [g, g]),
            )}
          {one(
            'source',
            incidentSources.map((s) => [s, t(`source.${s}`)]),
          )}
          {named.length > 0 && one('channel', [[NONE, t('events.none')], ...named.map((c) => [c, c] as const)])}
          {one('department', [
            [NONE, t('events.none')],
            ...(centre?.departments ?? []).map((d) => [d.code, names.department(d.code)] as const),
          ])}
          <Choice
            label={t('events.filter.unit')}
            value={query.unit ?? ''}
            options={[...units.values()].map((u) => [u.id, u.name] as const)}
            onChange={(v) => set({ unit: v || undefined })}
          />
          <Choice
            label={t('events.filter.period')}
            value={period}
            options={[
              ...Object.keys(periods).map((k) => [k, t(`events.period.${k as 'today'}`)] as const),
              ...(period === 'own' ? ([['own', t('events.period.own')]] as const) : []),
            ]}
            onChange={(v) =>
              v !== 'own' && set({ from: v ? (since(periods[v as 'today']) as ListQuery['from']) : undefined, to: undefined })
            }
          />
          <DayChoice label={t('events.filter.from')} at={query.from} offset={offset} onChange={(from) => set({ from })} />
          <DayChoice label={t('events.filter.to')} at={query.to} offset={offset} plus={DAY} onChange={(to) => set({ to })} />
        </div>
      </details>
      <ViewPicker />
      <Told query={query} onDrop={(key) => set({ [key]: undefined })} onClear={() => ask(view, {})} />
    </search>
  );
}

function Choice(props: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}) {
  const { t } = useText();
  const several = props.value.includes(',') && !props.options.some(([v]) => v === props.value);
  return (
    <label className={`f ${props.value ? 'set' : ''}`}>
      <span>{props.label}</span>
      <select value={props.value} onChange={(e) => props.onChange(e.target.value)}>
        <option value="">{t('events.all')}</option>
        {several && <option value={props.value}>{t('events.several', { n: props.value.split(',').length })}</option>}
        {props.options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Text waits for a pause in typing, so that each letter is no step of its own in the history. */
function TextFilter({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const { t } = useText();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text.trim()), 350);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label className={`f text ${value ? 'set' : ''}`}>
      <span>{t('events.filter.q')}</span>
      <input type="search" value={text} maxLength={80} placeholder={t('events.filter.qHint')} onChange={(e) => setText(e.target.value)} />
    </label>
  );
}

/** One list per level of the tree: 社区 > 一般网格 > 微网格. */
function AreaChoice(props: { value: AreaCode | null; onChange: (area: AreaCode | null) => void }) {
  const { t, say } = useText();
  const world = useServer((s) => s.world);
  const tree = treeOf(world);
  const path = props.value ? tree.path(props.value) : [];
  const root = tree.root;
  if (!root) return null;
  const steps: ReactNode[] = [];
  let above = root;
  for (let depth = 1; depth <= 3; depth++) {
    const below = tree.children(above.code);
    if (below.length === 0) break;
    const chosen = path[depth];
    const parent = above;
    const level = world.centre?.levels[depth];
    steps.push(
      <Choice
        key={depth}
        label={level ? say(level.name) : t('events.filter.area')}
        value={chosen?.code ?? ''}
        options={below.map((a) => [a.code, a.name])}
        onChange={(v) => props.onChange(v ? (v as AreaCode) : depth === 1 ? null : parent.code)}
      />,
    );
    if (!chosen) break;
    above = chosen;
  }
  return steps;
}

function DayChoice(props: {
  label: string;
  at: number | undefined;
  offset: number;
  /** the day named is the last one counted */
  plus?: number;
  onChange: (at: ListQuery['from']) => void;
}) {
  const { plus = 0, offset } = props;
  const shown = props.at === undefined ? '' : new Date(props.at - plus + offset * 60_000).toISOString().slice(0, 10);
  return (
    <label className={`f ${shown ? 'set' : ''}`}>
      <span>{props.label}</span>
      <input
        type="date"
        value={shown}
        onChange={(e) => {
          const day = Date.parse(`${e.target.value}T00:00:00Z`);
          props.onChange(Number.isNaN(day) ? undefined : ((day - offset * 60_000 + plus) as ListQuery['from']));
        }}
      />
    </label>
  );
}

const told = ['category', 'group', 'source', 'channel', 'department', 'unit', 'near', 'from', 'to', 'set'] as const;
/** What is narrowed beyond the controls in sight, each to be taken away again. */
function Told({ query, onDrop, onClear }: { query: ListQuery; onDrop: (key: Key) => void; onClear: () => void }) {
  const { t } = useText();
  const names = useNames();
  const facilities = useServer((s) => s.world.facilities);
  const word = (key: (typeof told)[number]): string => {
    const v = query[key] as never;
    const many = v as readonly string[];
    if (key === 'category') return many.map(names.category).join(' ');
    if (key === 'department') return many.map(names.department).join(' ');
    if (key === 'source') return many.map((s) => t(`source.${s as 'patrol'}`)).join(' ');
    if (key === 'unit') return names.unit(v);
    if (key === 'near') {
      const [lng, lat, m] = v as NonNullable<ListQuery['near']>;
      const facility = [...facilities.values()].find((f) => f.lngLat[0] === lng && f.lngLat[1] === lat);
      // not `lng`: to i18next that is the language to answer in
      return t('events.filter.nearWord', { place: facility?.name ?? `${lng}, ${lat}`, m });
    }
    if (key === 'from' || key === 'to') return names.moment(v);
    if (key === 'set') return t(`events.set.${v as 'open'}`);
    return many.map((m) => m || t('events.none')).join(' ');
  };
  const shown = told.filter((k) => query[k] !== undefined);
  const any = Object.keys(query).some((k) => k !== 'sort' && k !== 'order');
  return (
    <ul className="told" aria-label={t('events.filter.told')}>
      {shown.map((k) => (
        <li key={k}>
          <button type="button" onClick={() => onDrop(k)} title={t('events.filter.drop')}>
            {t(`events.filter.${k}`)} <b>{word(k)}</b> ×
          </button>
        </li>
      ))}
      {any && (
        <li>
          <button type="button" className="plain" onClick={onClear}>
            {t('events.filter.clear')}
          </button>
        </li>
      )}
    </ul>
  );
}

import { areaLabel } from '../../../model/area.ts';
import type { Incident, IncidentStep } from '../../../model/incident.ts';
import { agreementOutcomes, organs, satisfactions } from '../../../model/incident-forms.ts';
import { levelsAbove } from '../../../model/incident-step.ts';
import { limitUnits } from '../../../model/worktime.ts';
import { treeOf } from '../../../model/world.ts';
import { useServer } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { useForces } from './forces-context.ts';
import { levelName, unitName } from './log-text.ts';
import type { Field } from './step-fields.ts';

interface Props {
  readonly incident: Incident;
  readonly step: IncidentStep;
  readonly field: Field;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}
type Option = readonly [value: string, text: string];

/** One field of a step's form, as the kind of it asks. */
export function FieldInput({ incident: i, step, field, value, onChange }: Props) {
  const { t, say, language, metres } = useText();
  const forces = useForces();
  const world = useServer((s) => s.world);
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const text = typeof value === 'string' ? value : '';
  const select = (options: readonly Option[], first: string = t('form.choose')) => (
    <select name={field.name} value={text} onChange={(e) => onChange(e.target.value)}>
      <option value="">{first}</option>
      {options.map(([v, label]) => (
        <option key={v} value={v}>
          {label}
        </option>
      ))}
    </select>
  );
  switch (field.kind) {
    case 'line':
      return (
        <input name={field.name} type="text" maxLength={400} autoComplete="off" value={text} onChange={(e) => onChange(e.target.value)} />
      );
    case 'unit':
      if (step === 'join')
        return select(i.crew.filter((c) => !c.lead && c.arrivedAt === null).map((c) => [c.unit, unitName(world, c.unit)]));
      return select(
        forces.candidates
          .filter((c) => !i.crew.some((m) => m.unit === c.unit))
          .map((c) => [c.unit, `${c.name} · ${c.by === 'straight' ? `${t('dossier.straight')} ` : ''}${metres(c.metres)}`]),
      );
    case 'department':
      return select((world.centre?.departments ?? []).map((d) => [d.code, say(d.name)]));
    case 'outcome':
      return select(agreementOutcomes.map((o) => [o, t(`verdict.outcome.${o}`)]));
    case 'organ':
      return select(organs.map((o) => [o, t(`verdict.organ.${o}`)]));
    case 'satisfaction':
      return select(satisfactions.map((o) => [o, t(`verdict.satisfaction.${o}`)]));
    case 'yes-no': {
      const words =
        field.name === 'kept' ? (['verdict.kept', 'verdict.broken'] as const) : (['verdict.solved', 'verdict.unsolved'] as const);
      return (
        <select
          name={field.name}
          value={value === true ? 'yes' : value === false ? 'no' : ''}
          onChange={(e) => onChange(e.target.value === '' ? undefined : e.target.value === 'yes')}
        >
          <option value="">{t('form.choose')}</option>
          <option value="yes">{t(words[0])}</option>
          <option value="no">{t(words[1])}</option>
        </select>
      );
    }
    case 'more': {
      const more = (value ?? { n: 1, unit: 'work-day' }) as { n: number; unit: string };
      return (
        <span className="pair">
          <input
            name={field.name}
            type="number"
            min={more.unit === 'work-day' ? 1 : 0.5}
            step={more.unit === 'work-day' ? 1 : 0.5}
            max={1000}
            value={more.n}
            onChange={(e) => onChange({ ...more, n: Number(e.target.value) })}
          />
          <select aria-label={t('form.moreUnit')} value={more.unit} onChange={(e) => onChange({ ...more, unit: e.target.value })}>
            {limitUnits.map((u) => (
              <option key={u} value={u}>
                {t(`clocks.unit.${u}`)}
              </option>
            ))}
          </select>
        </span>
      );
    }
    case 'when':
      return (
        <input
          name={field.name}
          type="datetime-local"
          value={typeof value === 'number' ? new Date(value + offset * 60_000).toISOString().slice(0, 16) : ''}
          onChange={(e) => {
            const ms = Date.parse(`${e.target.value}Z`);
            onChange(Number.isNaN(ms) ? undefined : ms - offset * 60_000);
          }}
        />
      );
    case 'incident': {
      const near = [...world.incidents.values()]
        .filter((o) => o.id !== i.id)
        .sort((a, b) => Number(b.category === i.category) - Number(a.category === i.category) || b.reportedAt - a.reportedAt);
      const tree = treeOf(world);
      return select(near.map((o) => [o.id, `${String(o.no).padStart(4, '0')} ${o.title}${o.area ? ` · ${areaLabel(tree, o.area)}` : ''}`]));
    }
    case 'level':
      return select(
        levelsAbove(world, i).map((l) => [l.level, levelName({ world, t, language }, l.level, l.area)]),
        t('form.next'),
      );
  }
}

import type { TFunction } from 'i18next';
import { type Actor, may } from '../../model/access.ts';
import type { Alarm } from '../../model/alarm.ts';
import type { AlarmAct, AlarmActForm } from '../../model/alarm-forms.ts';
import { alarmRights } from '../../model/alarm-step.ts';
import { treeOf, type World } from '../../model/world.ts';
import { type AppParts, useServer } from '../app-context.ts';
import type { AlarmResult } from '../commands.ts';
import { isCut } from '../store/server-store.ts';

/** Acts that ask for words or a time first. */
export const asking = ['shelve', 'remove', 'note'] as const;
export type AskingAct = (typeof asking)[number];
export const asks = (act: AlarmAct): act is AskingAct => (asking as readonly AlarmAct[]).includes(act);

/** Whether an act means anything to an alarm as it stands; the server decides again (model/alarm-step). */
export const fits: Readonly<Record<AlarmAct, (a: Alarm) => boolean>> = {
  acknowledge: (a) => !a.acked,
  reset: (a) => a.latched,
  shelve: (a) => !a.outOfService && !a.shelf,
  unshelve: (a) => a.shelf !== null,
  remove: (a) => !a.outOfService,
  return: (a) => a.outOfService !== null,
  note: () => true,
};

/** What this visitor may do to these alarms now: the act fits and is theirs to do. While cut off nothing is. */
export function possible(world: Pick<World, 'areas'>, actor: Actor | null, cut: boolean, act: AlarmAct, alarms: readonly Alarm[]): Alarm[] {
  if (!actor || cut) return [];
  const tree = treeOf(world);
  return alarms.filter((a) => fits[act](a) && may(actor, alarmRights[act], a.area, tree).ok);
}
export function usePossible(): (act: AlarmAct, alarms: readonly Alarm[]) => Alarm[] {
  const areas = useServer((s) => s.world.areas);
  const actor = useServer((s) => s.actor);
  const cut = useServer(isCut);
  return (act, alarms) => possible({ areas }, actor, cut, act, alarms);
}

/** The most that one request takes. */
const AT_ONCE = 1000;

/**
 * Ask the server for an act on many alarms and say what came of it: how many in a line, and where several were asked for and some were
 * refused, each of them by name. The alarms themselves change through the stream.
 * @param now who is meant by the same words by now: in a flood a group grows while it is being acknowledged, and the rest is told
 */
export async function actOnAlarms(
  app: Pick<AppParts, 'commands' | 'view'>,
  t: TFunction<'wall'>,
  alarms: readonly string[],
  form: AlarmActForm,
  now: () => readonly Alarm[] = () => [],
): Promise<readonly AlarmResult[]> {
  const results: AlarmResult[] = [];
  for (let from = 0; from < alarms.length; from += AT_ONCE) {
    const some = alarms.slice(from, from + AT_ONCE);
    const answer = await app.commands.alarmAct(some, form);
    if (answer.ok) results.push(...answer.results);
    else results.push(...some.map((alarm) => ({ alarm, ok: false as const, error: { rule: answer.rule } })));
  }
  const done = results.filter((r) => r.ok).length;
  const refused = results.flatMap((r) => (r.ok ? [] : [r.error.rule]));
  const asked = new Set(alarms);
  const since = form.act === 'acknowledge' ? now().filter((a) => !a.acked && !asked.has(a.id)).length : 0;
  const notice = [
    done > 0 && t(`alarmDone.${form.act}`, { n: done }),
    refused.length > 0 && t('alarmDone.failed', { n: refused.length, rule: refused[0] }),
    since > 0 && t('alarmDone.since', { n: since }),
  ];
  app.view.setState({
    notice: notice.filter(Boolean).join(t('alarmDone.and')),
    ...(refused.length > 0 && alarms.length > 1 ? { sheet: { kind: 'alarm-told', act: form.act, results } } : {}),
  });
  return results;
}

/** Do an act, or open its form where it asks for more. Says so where nothing is left to do it to. `now`: see actOnAlarms. */
export function begin(app: AppParts, t: TFunction<'wall'>, act: AlarmAct, alarms: readonly Alarm[], now?: () => readonly Alarm[]) {
  const s = app.server.getState();
  if (s.past) return app.view.setState({ notice: t('replay.refused') });
  const able = possible(s.world, s.actor, isCut(s), act, alarms).map((a) => a.id);
  if (able.length === 0) return app.view.setState({ notice: t('alarmDone.nothing', { act: t(`alarmAct.${act}`) }) });
  if (asks(act)) return app.view.setState({ sheet: { kind: 'alarm-act', act, alarms: able } });
  void actOnAlarms(app, t, able, { act }, now);
}

import type { TFunction } from 'i18next';
import type { AppParts } from '../app-context.ts';

/** Ask the server to acknowledge an alarm and say what came of it; the alarm itself changes through the stream. */
export async function acknowledge(app: Pick<AppParts, 'commands' | 'view'>, alarm: string, name: string, t: TFunction<'wall'>) {
  const answer = await app.commands.alarmAct([alarm], { act: 'acknowledge' });
  const refused = answer.ok ? answer.results.flatMap((r) => (r.ok ? [] : [r.error.rule]))[0] : answer.rule;
  app.view.setState({ notice: refused === undefined ? t('notice.acked', { name }) : t('notice.ackFailed', { rule: refused }) });
}

import type { TFunction } from 'i18next';
import type { AppParts } from '../app-context.ts';

/** Ask the server to acknowledge an alarm and say what came of it; the alarm itself changes through the stream. */
export async function acknowledge(app: Pick<AppParts, 'commands' | 'view'>, alarm: string, name: string, t: TFunction<'wall'>) {
  const answer = await app.commands.acknowledge(alarm);
  app.view.setState({ notice: answer.ok ? t('notice.acked', { name }) : t('notice.ackFailed', { rule: answer.rule }) });
}

import type { CommandAnswer, Commands } from '../commands.ts';

/** 回放中不能下达: questions are answered as of the moment shown (web/http.ts sees to it), everything else is refused with the reason. */
export function pastCommands(live: Commands, reason: () => string): Commands {
  const refuse = async (): Promise<CommandAnswer & { ok: false }> => ({ ok: false, status: 0, rule: reason() });
  return { ...live, step: refuse, whistle: refuse, whistleAct: refuse, attach: refuse, alarmAct: refuse };
}

import type { Commands } from '../commands.ts';

/** What asks and changes nothing: answered as of the moment shown (web/http.ts sees to it). */
const questions: readonly (keyof Commands)[] = ['ledger', 'people', 'incident', 'candidates', 'similar', 'who'];

/** 回放中不能下达: whatever is no question is refused with the reason, also a command that is added one day. */
export function pastCommands(live: Commands, reason: () => string): Commands {
  const refuse = async () => ({ ok: false, status: 0, rule: reason() });
  const all = Object.entries(live).map(([name, command]) => [name, questions.includes(name as keyof Commands) ? command : refuse]);
  return Object.fromEntries(all) as unknown as Commands;
}

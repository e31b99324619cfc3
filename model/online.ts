/** JSON of a text; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const ONLINE_RULE = '{"online": true}, {"online": false}, {"state": "online"}, {"state": "offline"}, online or offline';

/** Whether a device's state says that it is on line; undefined where it says neither. */
export function onlineOf(payload: string): boolean | undefined {
  const text = payload.trim();
  const json = text === 'online' || text === 'offline' ? { state: text } : jsonOf(text);
  if (typeof json !== 'object' || json === null) return undefined;
  const { online, state } = json as { online?: unknown; state?: unknown };
  if (typeof online === 'boolean') return online;
  return state === 'online' ? true : state === 'offline' ? false : undefined;
}

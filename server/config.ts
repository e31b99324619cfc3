import { z } from 'zod';

/** What a server needs to know before it starts. `null` = use the embedded part. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** folder of the embedded database, the admin token and the ledger's head file */
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly mqttUrl: string | null;
  readonly mqttPort: number;
  /** where terminals of JT/T 808 connect; 0 = the door stays shut */
  readonly jt808Port: number;
  /** of NMEA 0183 over TCP and UDP; 0 = none */
  readonly nmeaPort: number;
  /** file of mappings of foreign buses (model/mapping) */
  readonly mappings: string | null;
  readonly redisUrl: string | null;
  /** user:password for the media server, sent as HTTP Basic; never in the ledger, a log or an answer */
  readonly mediaLogin: string | null;
  readonly logLevel: (typeof logLevels)[number];
  /** how long the film (frames and keyframes) is kept, days */
  readonly filmDays: number;
  /** how long positions by unit are kept, days */
  readonly positionsDays: number;
  /** how long what the sensors read is kept, days */
  readonly readingsDays: number;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The environment is not usable. The message has one line per variable: its name, the value given, the rule. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const whole = (from: number, to: number) =>
  z
    .string()
    .refine((s) => /^\d{1,9}$/.test(s) && Number(s) >= from && Number(s) <= to, `a whole number from ${from} to ${to}`)
    .transform(Number);

const url = (schemes: readonly string[]) =>
  z
    .string()
    .refine((s) => URL.canParse(s) && schemes.includes(new URL(s).protocol.slice(0, -1)), `a URL that begins with ${listOf(schemes)}`);
const listOf = (schemes: readonly string[]) => schemes.map((s) => `${s}://`).join(' or ');

const path = z
  .string()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f]{1,1000}$/, 'a path without control characters');

const zEnv = z.object({
  HOST: z
    .string()
    .regex(/^[0-9A-Za-z.:_-]{1,253}$/, 'a host name or address without spaces')
    .default('127.0.0.1'),
  PORT: whole(1, 65_535).default(8080),
  DATA_DIR: path.default('data'),
  DATABASE_URL: url(['postgres', 'postgresql']).optional(),
  MQTT_URL: url(['mqtt', 'mqtts', 'ws', 'wss']).optional(),
  MQTT_PORT: whole(1, 65_535).default(1883),
  JT808_PORT: whole(0, 65_535).default(7611),
  NMEA_PORT: whole(0, 65_535).default(0),
  MAPPINGS: path.optional(),
  REDIS_URL: url(['redis', 'rediss']).optional(),
  MEDIA_LOGIN: z
    .string()
    .regex(/^[^:\s]{1,80}:\S{1,200}$/, 'user:password, without spaces')
    .optional(),
  LOG_LEVEL: z.enum(logLevels, `one of ${logLevels.join(', ')}`).default('info'),
  FILM_DAYS: whole(1, 3660).default(35),
  POSITIONS_DAYS: whole(1, 3660).default(35),
  READINGS_DAYS: whole(1, 3660).default(35),
});

/** A value as it may be shown: whatever could be a user, password or token of a URL is hidden, also when the URL is malformed. */
export function masked(value: string): string {
  const shown = value.length > 120 ? `${value.slice(0, 120)}…` : value;
  if (!/[/@?]/.test(value)) return shown;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,20}):/.exec(value)?.[1];
  const at = value.lastIndexOf('@');
  if (at >= 0) return `${scheme ? `${scheme}://` : ''}***@${hostOf(value.slice(at + 1))}`;
  return shown.replace(/[?#].*$/s, (rest) => `${rest[0]}***`);
}
const hostOf = (rest: string) => (/^[0-9A-Za-z.:_-]{1,80}/.exec(rest)?.[0] ?? '***').concat(/[/?#]/.test(rest) ? '/***' : '');

/**
 * Read and check the environment. An empty variable counts as unset.
 * @throws ConfigError naming every wrong variable, the value given (secrets masked) and the rule it breaks.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.keys(zEnv.shape).map((key) => [key, env[key]?.trim() || undefined]));
  const read = zEnv.safeParse(given);
  const wrong = read.success ? [] : read.error.issues.map((i) => ({ key: String(i.path[0]), rule: i.message }));
  if (read.success && !read.data.MQTT_URL && read.data.MQTT_PORT === read.data.PORT)
    wrong.push({ key: 'MQTT_PORT', rule: 'another port than PORT' });
  if (read.success && read.data.JT808_PORT === read.data.PORT) wrong.push({ key: 'JT808_PORT', rule: 'another port than PORT' });
  else if (read.success && !read.data.MQTT_URL && read.data.JT808_PORT === read.data.MQTT_PORT)
    wrong.push({ key: 'JT808_PORT', rule: 'another port than MQTT_PORT' });
  if (read.success && read.data.NMEA_PORT !== 0) {
    const { NMEA_PORT: port, PORT, MQTT_PORT, JT808_PORT, MQTT_URL } = read.data;
    const taken = { PORT, MQTT_PORT: MQTT_URL ? 0 : MQTT_PORT, JT808_PORT };
    const [other] = Object.entries(taken).find(([, p]) => p === port) ?? [];
    if (other) wrong.push({ key: 'NMEA_PORT', rule: `another port than ${other}` });
  }
  if (!read.success || wrong.length) {
    const shown = (key: string) => (key === 'MEDIA_LOGIN' ? '***' : masked(given[key] ?? '(default)'));
    const lines = wrong.map(({ key, rule }) => `  ${key}=${shown(key)}: must be ${rule}`);
    throw new ConfigError(`The configuration cannot be used:\n${lines.join('\n')}`);
  }
  const e = read.data;
  return {
    host: e.HOST,
    port: e.PORT,
    dataDir: e.DATA_DIR,
    databaseUrl: e.DATABASE_URL ?? null,
    mqttUrl: e.MQTT_URL ?? null,
    mqttPort: e.MQTT_PORT,
    jt808Port: e.JT808_PORT,
    nmeaPort: e.NMEA_PORT,
    mappings: e.MAPPINGS ?? null,
    redisUrl: e.REDIS_URL ?? null,
    mediaLogin: e.MEDIA_LOGIN ?? null,
    logLevel: e.LOG_LEVEL,
    filmDays: e.FILM_DAYS,
    positionsDays: e.POSITIONS_DAYS,
    readingsDays: e.READINGS_DAYS,
  };
}

import { destination, type Logger, pino, stdTimeFunctions } from 'pino';

export type Log = Logger;

/**
 * The server's own diary, one JSON object a line on standard error: what it did, never about whom. Bodies are not logged,
 * credentials are cut out, and errors are cut short because those of a database driver carry parameters.
 */
export function openLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      redact: { paths: ['authorization', 'headers.authorization', '*.headers.authorization', 'password', '*.password'], censor: '***' },
      serializers: {
        err: (error: unknown) =>
          error instanceof Error ? { type: error.name, message: error.message.slice(0, 300), stack: error.stack?.slice(0, 2000) } : error,
      },
      timestamp: stdTimeFunctions.isoTime,
    },
    destination({ fd: 2, sync: true }),
  );
}

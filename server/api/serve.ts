import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { may } from '../../model/access.ts';
import { formRefusal } from '../../model/report.ts';
import { treeOf, type World } from '../../model/world.ts';
import type { Doorkeeper } from '../auth/actor.ts';
import type { Doors } from '../ingest/doors.ts';
import type { Log } from '../log.ts';
import { Refused } from '../refused.ts';
import type { Bodies } from './bodies.ts';
import type { Answer, Route, SentFile } from './route.ts';

interface Parts {
  readonly keeper: Doorkeeper;
  readonly doors: Doors;
  readonly bodies: Bodies;
  readonly world: () => World;
  readonly log: Log;
}

const DEFAULT_LIMIT = 64 * 1024;
/** So long the rest of a body that is not wanted is still read. */
const UNWANTED_MS = 10_000;

/** Mount the routes: who is asking, body, form, handler, answer; and one shape for everything that goes wrong. */
export function serveRoutes(app: Express, routes: readonly Route[], parts: Parts) {
  for (const route of routes) {
    const read = express.json({ limit: route.limit ?? DEFAULT_LIMIT, strict: false, type: () => true });
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    app[route.method](path, guard(route, parts), ...(route.body ? [read] : []), async (req: Request, res: Response) => {
      const form = <T>(schema: { safeParse(v: unknown): { success: boolean } } | undefined, value: unknown, where: string): T => {
        const result = (schema as NonNullable<Route['body']> | undefined)?.safeParse(value);
        if (result && !result.success) {
          const { field, rule } = formRefusal(result.error, where);
          throw new Refused(400, field, rule);
        }
        return result?.data as T;
      };
      const answer = await handle(route, req, {
        actor: res.locals.actor,
        params: form(route.params, req.params, 'path'),
        query: form(route.query, req.query, 'query'),
        body: form(route.body, req.body, 'body'),
        headers: req.headers,
        content: req.iterator({ destroyOnReturn: false }),
      });
      await send(req, res, answer, parts.bodies);
    });
  }
  app.use((req) => {
    throw new Refused(404, 'path', `no such route: ${req.method} ${req.path}`);
  });
}

async function handle(route: Route, req: Request, call: Parameters<Route['handle']>[0]): Promise<Answer> {
  if (!route.raw) return route.handle(call);
  try {
    const limit = route.limit ?? DEFAULT_LIMIT;
    if (Number(req.headers['content-length'] ?? 0) > limit) throw new Refused(413, 'body', `larger than ${limit} bytes`);
    return await route.handle(call);
  } catch (error) {
    // whoever is refused while still sending must be let finish, or never hears why; but not for ever
    req.resume();
    setTimeout(() => req.readableEnded || req.destroy(), UNWANTED_MS).unref();
    throw error;
  }
}

/** Signed in, allowed to watch or report at all, and not sent by another site's page. */
const guard =
  (route: Route, { keeper, world }: Parts) =>
  async (req: Request, res: Response, next: NextFunction) => {
    const hands = route.method !== 'get' || route.reports;
    if (hands && !keeper.originAllowed(req.headers)) {
      throw new Refused(403, 'origin', 'requests from pages of another origin are refused');
    }
    if (route.open) return next();
    const actor = await keeper.actorOf(route.reports ? signedInQuery(req) : req.headers, req.socket.remoteAddress);
    if (!actor) {
      res.setHeader('WWW-Authenticate', 'Basic realm="Genglou", charset="UTF-8"');
      throw new Refused(401, 'authorization', 'sign in with an account or the admin token');
    }
    if (!hands) {
      const verdict = may(actor, 'watch', actor.area, treeOf(world()));
      if (!verdict.ok) throw new Refused(403, 'actor', verdict.rule);
    }
    res.locals.actor = actor;
    next();
  };

/** `?token=name:password` read as if it were HTTP Basic. */
function signedInQuery({ headers, query }: Request): Request['headers'] {
  if (typeof query.token !== 'string' || headers.authorization !== undefined) return headers;
  return { ...headers, authorization: `Basic ${Buffer.from(query.token, 'utf8').toString('base64')}` };
}

async function send(req: Request, res: Response, answer: Answer, bodies: Bodies) {
  if (answer.file) await sendFile(res, answer.file);
  else if (answer.bytes) {
    res.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
    await bodies.send(req, res, answer.bytes);
  } else {
    res.setHeader('Cache-Control', 'no-store');
    for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
    res.status(answer.status ?? 200);
    if (answer.text) res.type(answer.text.type).send(answer.text.text);
    else if (answer.stream) await sendStream(res, answer.stream);
    else if (answer.passed) await pass(res, answer.passed);
    else if (answer.binary) await bodies.sendOnce(req, res, 'application/octet-stream', answer.binary);
    else await bodies.sendJson(req, res, answer.status ?? 200, answer.json);
  }
}

function sendStream(res: Response, { type, name, chunks }: NonNullable<Answer['stream']>) {
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  return flow(res, chunks);
}

/** Whatever another server says it is, in our pages' name it can do nothing. */
function pass(res: Response, { type, chunks }: NonNullable<Answer['passed']>) {
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  return flow(res, chunks);
}

/** As fast as it is taken, no faster. Whoever goes away in the middle is not an error of ours. */
async function flow(res: Response, chunks: AsyncIterable<string | Uint8Array>) {
  await pipeline(Readable.from(chunks), res).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** What somebody handed in is shown as what we know it is, and can do nothing in our pages' name. */
function sendFile(res: Response, { root, path, type, tag, name, save, secret }: SentFile): Promise<void> {
  const quoted = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  const headers = {
    'Content-Type': type,
    'Content-Disposition': `${save ? 'attachment' : 'inline'}; filename*=UTF-8''${quoted}`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': secret ? 'private, no-store' : 'private, max-age=31536000, immutable',
    ETag: `"${tag}"`,
  };
  return new Promise((resolve, reject) => {
    res.sendFile(path, { root, headers, dotfiles: 'allow', cacheControl: false, lastModified: false }, (error) => {
      if (!error || res.headersSent) resolve();
      else if ((error as { code?: string }).code === 'ENOENT') reject(new Refused(404, 'hash', 'its file is missing on the disk'));
      else reject(error);
    });
  });
}

/** The last middleware of the app. Refusals of a door that never reached its handler are counted here. */
export const answerErrors =
  ({ log, doors }: Pick<Parts, 'log' | 'doors'>, routes: readonly Route[]) =>
  (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    const refusal = asRefusal(error);
    const door = routes.find((r) => r.door && r.method === req.method.toLowerCase() && r.path === req.path)?.door;
    if (door && refusal.status < 500) {
      const { field, rule } = refusal;
      doors.get(door)?.refuse({ field, rule, reason: reasonOf(refusal.status) }, { where: `${req.method} ${req.path}` });
    }
    // a camera that does not answer (502, 504) is no failure of ours
    if (refusal.status >= 500 && refusal.status !== 502 && refusal.status !== 504)
      log.error({ err: error, path: req.path }, 'request failed');
    if (res.headersSent) {
      res.destroy();
      return;
    }
    res.status(refusal.status).setHeader('Cache-Control', 'no-store').json(refusal.body);
  };

const reasonOf = (status: number) =>
  status === 413 ? 'too-large' : status === 401 || status === 403 ? 'not-allowed' : status === 409 ? 'conflict' : 'form';

function asRefusal(error: unknown): Refused {
  if (error instanceof Refused) return error;
  const { status, type, limit } = error as { status?: number; type?: string; limit?: number };
  if (type === 'entity.too.large') return new Refused(413, 'body', `larger than ${limit} bytes`);
  if (type === 'entity.parse.failed') return new Refused(400, 'body', 'not JSON');
  if (typeof status === 'number' && status >= 400 && status < 500) return new Refused(status, 'request', (error as Error).message);
  return new Refused(500, 'server', 'the server failed; nothing was acknowledged, try again');
}

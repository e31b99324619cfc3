import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Actor, type Role, WHOLE_CENTRE } from '../../model/access.ts';
import { areaCode } from '../../model/brand.ts';
import type { Account, Store } from '../store/store.ts';
import { isLoopback } from './loopback.ts';
import { verifyPassword } from './password.ts';

/** Who is asking, for HTTP requests and for the stream's upgrade alike. */
export interface Doorkeeper {
  /** null: nobody we know. Never throws for bad credentials. */
  actorOf(headers: IncomingHttpHeaders, remoteAddress: string | undefined): Promise<Actor | null>;
  /** Does a browser's request come from our own pages? Requests without Origin (devices, curl) pass. */
  originAllowed(headers: IncomingHttpHeaders): boolean;
  /** No account on a loopback address: the visitor is signed in as operator. */
  isDemo(): boolean;
}

interface Parts {
  readonly store: Pick<Store, 'getAccount' | 'countAccounts'>;
  readonly adminToken: string;
  /** address the server listens on */
  readonly host: string;
}

const VERIFIED_MS = 5 * 60_000;
const RECOUNT_MS = 2000;
const VERIFIED_MAX = 1000;

/** @throws Error when `host` is reachable from outside and there is no account: nobody could be told from anybody. */
export async function openDoorkeeper({ store, adminToken, host }: Parts): Promise<Doorkeeper> {
  let accounts = await store.countAccounts();
  const local = isLoopback(host);
  if (!local && accounts === 0) {
    throw new Error(`HOST ${host} is reachable from outside, but there is no account yet: run "npm run admin -- create" first`);
  }
  const isDemo = () => local && accounts === 0;
  /** A first account, written by `npm run admin` beside us, ends the demonstration. */
  let recount = 0;
  async function refresh() {
    recount = Date.now() + RECOUNT_MS;
    accounts = await store.countAccounts();
  }
  const token = sha256(adminToken);
  const verified = new Map<string, { hash: string; until: number }>();

  /** Passwords are slow to check on purpose; a pair that was right is remembered for a while as a digest. */
  async function isRight(account: Account, password: string): Promise<boolean> {
    const pair = sha256(`${account.name}\n${password}`).toString('hex');
    const known = verified.get(pair);
    if (known && known.hash === account.passwordHash && known.until > Date.now()) return true;
    if (!(await verifyPassword(password, account.passwordHash))) return false;
    if (verified.size >= VERIFIED_MAX) verified.clear();
    verified.set(pair, { hash: account.passwordHash, until: Date.now() + VERIFIED_MS });
    return true;
  }

  async function actorOf(headers: IncomingHttpHeaders, remoteAddress: string | undefined): Promise<Actor | null> {
    const [scheme, credentials] = (headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() === 'bearer' && credentials) {
      return timingSafeEqual(sha256(credentials), token) ? { id: 'admin', role: 'admin', area: WHOLE_CENTRE } : null;
    }
    if (scheme?.toLowerCase() === 'basic' && credentials) {
      const pair = Buffer.from(credentials, 'base64').toString('utf8');
      const colon = pair.indexOf(':');
      const account = colon > 0 ? await store.getAccount(pair.slice(0, colon)) : null;
      if (!account || !(await isRight(account, pair.slice(colon + 1)))) return null;
      return { id: account.name, role: account.role as Role, area: areaCode(account.area) };
    }
    if (headers.authorization) return null;
    if (local && accounts === 0 && Date.now() > recount) await refresh();
    if (!isDemo() || !isLoopback(remoteAddress ?? '') || !isLocalName(headers.host)) return null;
    return { id: 'demo-operator', role: 'supervisor', area: WHOLE_CENTRE };
  }

  return { actorOf, originAllowed, isDemo };
}

/**
 * Cross-origin rules alone do not stop another site's page from opening a WebSocket to us, so the Origin a browser sends is
 * compared with the Host it called. `null` (a sandboxed page, a file) is nobody's origin.
 */
export function originAllowed(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (headers['sec-fetch-site'] === 'cross-site') return false;
  if (origin === undefined) return true;
  if (host === undefined) return false;
  try {
    return new URL(origin).host === new URL(`http://${host}`).host || new URL(origin).host === host;
  } catch {
    return false;
  }
}

/** A name of this machine in the Host header. Another name that resolves to us (DNS rebinding) does not get the demonstration's rights. */
function isLocalName(host: string | undefined): boolean {
  try {
    return isLoopback(new URL(`http://${host}`).hostname);
  } catch {
    return false;
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

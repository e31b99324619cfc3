import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Actor } from '../../model/access.ts';

export interface Call<P, Q, B> {
  readonly actor: Actor;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: IncomingHttpHeaders;
  /** the body as it arrives, for a route with `raw` */
  readonly content: AsyncIterable<Uint8Array>;
}
/** Bytes instead of JSON: a blob. `type` is its media type; `tag` names the bytes for ever. */
export interface Bytes {
  readonly type: string;
  readonly tag: string;
  readonly bytes: Uint8Array;
  /** compressed already, by its format */
  readonly packed?: boolean;
}
/** A file on the disk, sent as it is (and in parts, where parts are asked for). Its content never changes: `tag` names it for ever. */
export interface SentFile {
  readonly root: string;
  /** below `root` */
  readonly path: string;
  readonly type: string;
  readonly tag: string;
  /** what it is called when it is saved */
  readonly name: string;
  /** saved, never opened in the page's place */
  readonly save: boolean;
  /** nothing on the way keeps a copy */
  readonly secret: boolean;
}
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly bytes?: Bytes;
  /** bytes for this reader only, compressed on the way */
  readonly binary?: Uint8Array;
  readonly file?: SentFile;
  readonly text?: { readonly type: string; readonly text: string };
  /** text made while it is sent, saved under `name` */
  readonly stream?: { readonly type: string; readonly name: string; readonly chunks: AsyncIterable<string> };
  /** what another server hands out, passed on as it comes */
  readonly passed?: { readonly type: string; readonly chunks: AsyncIterable<Uint8Array> };
}

type Shape = z.ZodType | undefined;
type Read<T extends Shape> = T extends z.ZodType ? z.output<T> : undefined;

export interface RouteSpec<P extends Shape, Q extends Shape, B extends Shape> {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** OpenAPI form: `/api/v1/incidents/{id}/steps` */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** what the API document shows of the body, where the validator is laxer because every item is judged by itself */
  readonly bodyShown?: z.ZodType;
  /** request headers the API document names, with what they mean */
  readonly headers?: Readonly<Record<string, string>>;
  /** media types of a body that is not JSON: the handler reads it as it arrives. Larger than `limit` is refused before, where its length is told. */
  readonly raw?: readonly string[];
  /** largest request body, bytes */
  readonly limit?: number;
  /** an app hands in reports here, also by GET; the account may stand in the query (`token=name:password`), for apps that cannot sign in */
  readonly reports?: boolean;
  /** answered to anybody, also without an account */
  readonly open?: boolean;
  /** name of the door that counts refusals before the handler is reached */
  readonly door?: string;
  readonly answers: Readonly<Record<number, { readonly what: string; readonly json?: z.ZodType; readonly type?: string }>>;
  readonly handle: (call: Call<Read<P>, Read<Q>, Read<B>>) => Promise<Answer> | Answer;
}
export type Route = RouteSpec<Shape, Shape, Shape>;

/** One place says path, schemas and answers: validator, types and OpenAPI all come from it. */
export function route<P extends Shape = undefined, Q extends Shape = undefined, B extends Shape = undefined>(
  spec: RouteSpec<P, Q, B>,
): Route {
  return spec as unknown as Route;
}

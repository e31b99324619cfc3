import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { Bytes } from './route.ts';

type Coding = 'br' | 'gzip';
const br = promisify<Uint8Array, object, Buffer>(brotliCompress);
const gz = promisify<Uint8Array, Buffer>(gzip);
/** Quality 5: a third better than gzip at the same speed; higher ones cost seconds on megabytes. */
const BR_OPTIONS = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const WORTH_BYTES = 1400;
const CACHE_BYTES = 64 * 1024 * 1024;

const pack = (coding: Coding, bytes: Uint8Array) => (coding === 'br' ? br(bytes, BR_OPTIONS) : gz(bytes));

/** Sends bodies compressed as the client accepts. Bytes that never change are compressed once and kept. */
export class Bodies {
  private readonly kept = new Map<string, Promise<Uint8Array>>();
  private keptBytes = 0;

  async send(req: Request, res: Response, { type, tag, bytes, packed }: Bytes) {
    const etag = `"${tag}"`;
    res.setHeader('ETag', etag);
    res.setHeader('Content-Type', type);
    res.setHeader('Vary', 'Accept-Encoding');
    if (req.headers['if-none-match'] === etag) {
      res.status(304).end();
      return;
    }
    const coding = !packed && bytes.length >= WORTH_BYTES ? accepted(req) : undefined;
    if (coding) res.setHeader('Content-Encoding', coding);
    res.end(coding ? await this.packed(`${tag} ${coding}`, coding, bytes) : bytes);
  }

  async sendJson(req: Request, res: Response, status: number, json: unknown) {
    res.status(status);
    await this.sendOnce(req, res, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(json ?? null)));
  }

  /** Bytes that are made for this answer. */
  async sendOnce(req: Request, res: Response, type: string, bytes: Uint8Array) {
    res.setHeader('Content-Type', type);
    res.setHeader('Vary', 'Accept-Encoding');
    const coding = bytes.length >= WORTH_BYTES && req.acceptsEncodings('gzip') ? 'gzip' : undefined;
    if (coding) res.setHeader('Content-Encoding', coding);
    res.end(coding ? await gz(bytes) : bytes);
  }

  private packed(key: string, coding: Coding, bytes: Uint8Array): Promise<Uint8Array> {
    let body = this.kept.get(key);
    if (!body) {
      body = pack(coding, bytes);
      if (this.keptBytes > CACHE_BYTES) {
        this.kept.clear();
        this.keptBytes = 0;
      }
      this.kept.set(key, body);
      body.then(
        (b) => {
          this.keptBytes += b.length;
        },
        () => this.kept.delete(key),
      );
    }
    return body;
  }
}

/** Brotli where it is accepted: browsers name gzip first, which tells nothing of what they would rather have. */
function accepted(req: Request): Coding | undefined {
  if (req.acceptsEncodings('br')) return 'br';
  return req.acceptsEncodings('gzip') ? 'gzip' : undefined;
}

import express, { type Express } from 'express';
import type { Registry } from 'prom-client';
import type { World } from '../../model/world.ts';
import type { Doorkeeper } from '../auth/actor.ts';
import type { Doors } from '../ingest/doors.ts';
import type { Log } from '../log.ts';
import { Bodies } from './bodies.ts';
import { docsPage } from './docs-page.ts';
import { securityHeaders } from './headers.ts';
import { openApi } from './openapi.ts';
import { servePages } from './pages.ts';
import { type Route, route } from './route.ts';
import { answerErrors, serveRoutes } from './serve.ts';

interface Parts {
  readonly routes: readonly Route[];
  readonly keeper: Doorkeeper;
  readonly doors: Doors;
  readonly metrics: Registry;
  readonly world: () => World;
  /** folder of the built wall */
  readonly dist: string;
  readonly version: string;
  readonly log: Log;
}

/** Everything spoken over HTTP but the stream. */
export function buildApp({ routes, metrics, dist, version, ...parts }: Parts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(securityHeaders());
  const bodies = new Bodies();

  const all: Route[] = [
    ...routes,
    route({
      method: 'get',
      path: '/metrics',
      tag: 'operations',
      summary: 'Figures for Prometheus',
      answers: { 200: { what: 'text exposition format', type: 'text/plain' } },
      handle: async () => ({ text: { type: metrics.contentType, text: await metrics.metrics() } }),
    }),
    route({
      method: 'get',
      path: '/healthz',
      tag: 'operations',
      summary: 'Is the server up?',
      open: true,
      answers: { 200: { what: 'it is' } },
      handle: () => ({ json: { ok: true, seq: parts.world().seq } }),
    }),
    route({
      method: 'get',
      path: '/api/v1/openapi.json',
      tag: 'operations',
      summary: 'This document',
      open: true,
      answers: { 200: { what: 'OpenAPI 3.1' } },
      handle: () => ({ json: document }),
    }),
    route({
      method: 'get',
      path: '/api/v1/docs',
      tag: 'operations',
      summary: 'This document as a page',
      open: true,
      answers: { 200: { what: 'HTML', type: 'text/html' } },
      handle: () => ({ text: { type: 'text/html; charset=utf-8', text: page } }),
    }),
  ];
  const document = openApi(all, version);
  const page = docsPage(document, all);

  servePages(app, dist, bodies);
  serveRoutes(app, all, { ...parts, bodies });
  app.use(answerErrors(parts, all));
  return app;
}

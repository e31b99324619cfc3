import { expect, test } from 'vitest';
import { z } from 'zod';
import { adminRoutes } from '../../server/api/admin-routes.ts';
import { alarmLogRoutes } from '../../server/api/alarm-log-routes.ts';
import { alarmRoutes } from '../../server/api/alarm-routes.ts';
import { alarmRuleRoutes } from '../../server/api/alarm-rule-routes.ts';
import { attachmentRoutes } from '../../server/api/attachment-routes.ts';
import { docsPage } from '../../server/api/docs-page.ts';
import { incidentListRoutes } from '../../server/api/incident-list-routes.ts';
import { openApi } from '../../server/api/openapi.ts';
import { peopleRoutes } from '../../server/api/people-routes.ts';
import { placeRoutes } from '../../server/api/place-routes.ts';
import { type Route, route } from '../../server/api/route.ts';
import { sensorRoutes } from '../../server/api/sensor-routes.ts';
import { stepRoutes } from '../../server/api/step-routes.ts';
import { viewRoutes } from '../../server/api/view-routes.ts';
import { watchRoutes } from '../../server/api/watch-routes.ts';
import { Door } from '../../server/ingest/doors.ts';
import { reportsRoute } from '../../server/ingest/http.ts';

// The document is made from the routes' descriptions alone: no handler is called, so no part behind them is needed.
const none = {} as never;
const routes: Route[] = [
  reportsRoute({ engine: none, answers: none, door: new Door('http', Date.now), now: Date.now }),
  ...placeRoutes(none),
  ...watchRoutes(none),
  ...stepRoutes(none),
  ...alarmRoutes(none),
  ...alarmLogRoutes(none),
  ...alarmRuleRoutes(none),
  ...attachmentRoutes(none),
  ...peopleRoutes(none),
  ...sensorRoutes(none),
  ...viewRoutes(none),
  ...incidentListRoutes(none),
  ...adminRoutes(none),
];
const document = openApi(routes, '1.2.3') as {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; parameters?: { name: string; in: string }[]; responses: object }>>;
};

test('every route is documented, with its path parameters and a success', () => {
  expect(document.openapi).toBe('3.1.0');
  for (const r of routes) {
    const operation = document.paths[r.path]?.[r.method];
    expect(operation, r.path).toBeDefined();
    const named = [...r.path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    expect(operation?.parameters?.filter((p) => p.in === 'path').map((p) => p.name) ?? []).toEqual(named);
    expect(Object.keys(operation?.responses ?? {})).toContain('200');
  }
  const ids = routes.map((r) => document.paths[r.path]?.[r.method]?.operationId);
  expect(new Set(ids).size).toBe(routes.length);
});

test('every $ref resolves, and what is sent is described as it is sent', () => {
  const refs: string[] = [];
  JSON.stringify(document, (key, value) => {
    if (key === '$ref') refs.push(value);
    return value;
  });
  expect(refs.length).toBeGreaterThan(routes.length);
  for (const ref of refs) {
    const found = ref
      .slice(2)
      .split('/')
      // biome-ignore lint/suspicious/noExplicitAny: walking a document
      .reduce((at: any, key) => at?.[key], document);
    expect(found, ref).toBeTypeOf('object');
  }
  const text = JSON.stringify(document.paths['/api/v1/reports']);
  expect(text).toContain('"const":"position"');
  expect(text).toContain('"format":"date-time"');
  expect(text).toContain('Idempotency-Key');
});

test('a body that is not JSON is named by its types', () => {
  const upload = document.paths['/api/v1/incidents/{id}/attachments']?.post as unknown as { requestBody: { content: object } };
  expect(Object.keys(upload.requestBody.content)).toEqual(expect.arrayContaining(['image/jpeg', 'audio/wav', 'application/pdf']));
  expect(Object.keys(upload.requestBody.content)).not.toContain('application/json');
});

test('a schema that changes changes the document', () => {
  const make = (body: z.ZodType) =>
    openApi(
      [route({ method: 'post', path: '/x', tag: 't', summary: 's', body, answers: { 200: { what: 'ok' } }, handle: () => ({}) })],
      '1',
    );
  expect(make(z.object({ a: z.string() }))).not.toEqual(make(z.object({ a: z.number() })));
});

test('the readable page names every route and holds no script', () => {
  const page = docsPage(document as never, routes);
  for (const r of routes) expect(page).toContain(r.path);
  expect(page).not.toMatch(/<script|https?:\/\//);
});

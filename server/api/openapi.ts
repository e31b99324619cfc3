import { z } from 'zod';
import { zError } from './errors.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

/** JSON Schema of what is sent: transforms are the server's own business. */
function schema(type: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(type, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' });
  return rest;
}

const errorOf: Readonly<Record<number, string>> = {
  400: 'the request is not of this form',
  401: 'not signed in',
  403: 'not allowed',
};

/** OpenAPI 3.1 made from the same schemas that validate. */
export function openApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: '更楼 Genglou',
      version,
      description: 'Command centre of a street. Coordinates are [lng, lat] in degrees, WGS-84; moments are ISO 8601 with an offset.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ account: [] }, { adminToken: [] }, {}],
    tags: [...new Set(routes.map((r) => r.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: schema(zError) },
      securitySchemes: {
        account: { type: 'http', scheme: 'basic' },
        adminToken: { type: 'http', scheme: 'bearer', description: 'the content of DATA_DIR/admin.token' },
      },
    },
  };
}

function operation(route: Route): Json {
  const parameters = [
    ...properties(route.params).map(([name, s]) => ({ name, in: 'path', required: true, schema: s })),
    ...properties(route.query).map(([name, s, required]) => ({ name, in: 'query', required, schema: s })),
    ...Object.entries(route.headers ?? {}).map(([name, description]) => ({
      name,
      in: 'header',
      required: false,
      description,
      schema: { type: 'string' },
    })),
  ];
  const body = route.bodyShown ?? route.body;
  const answers: Route['answers'] = { ...Object.fromEntries(Object.entries(errorOf).map(([s, what]) => [s, { what }])), ...route.answers };
  return {
    operationId: `${route.method}-${route.path.replace(/^\/(api\/v1\/)?/, '').replace(/\W+/g, '-')}`.replace(/-$/, ''),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...(parameters.length ? { parameters } : {}),
    ...(route.raw ? { requestBody: { required: true, content: Object.fromEntries(route.raw.map((type) => [type, {}])) } } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: schema(body) } } } } : {}),
    responses: Object.fromEntries(Object.entries(answers).map(([status, a]) => [status, response(Number(status), a)])),
  };
}

function response(status: number, answer: Route['answers'][number]): Json {
  const type = answer.type ?? 'application/json';
  const shown = status >= 400 ? { $ref: '#/components/schemas/Error' } : answer.json ? schema(answer.json) : {};
  return { description: answer.what, content: { [type]: { schema: shown } } };
}

function properties(type: z.ZodType | undefined): [name: string, schema: unknown, required: boolean][] {
  if (!type) return [];
  const { properties = {}, required = [] } = schema(type) as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, s]) => [name, s, required.includes(name)]);
}

import type { Route } from './route.ts';

const html = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

interface Operation {
  readonly parameters?: readonly { name: string; in: string; required: boolean; description?: string; schema: unknown }[];
  readonly requestBody?: { content: Record<string, { schema: unknown }> };
  readonly responses: Record<string, { description: string; content: Record<string, { schema: unknown }> }>;
}

/** The API document as one page without scripts. */
export function docsPage(document: Record<string, unknown>, routes: readonly Route[]): string {
  const paths = document.paths as Record<string, Record<string, Operation>>;
  const tags = [...new Set(routes.map((r) => r.tag))];
  const nav = routes.map((r) => `<li><a href="#${anchor(r)}"><b>${r.method}</b> ${html(r.path)}</a></li>`).join('');
  const sections = tags.map(
    (tag) =>
      `<h2>${html(tag)}</h2>${routes
        .filter((r) => r.tag === tag)
        .map((r) => section(r, paths[r.path]![r.method]!))
        .join('')}`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>更楼 Genglou API</title><style>${style}</style>
<nav><h1>更楼 API</h1><p><a href="openapi.json">openapi.json</a></p><ul>${nav}</ul></nav><main>
<p>Moments are ISO 8601 with an offset, coordinates [lng, lat] in degrees, WGS-84. Every refusal is <code>{"error": {"field", "rule"}}</code>.</p>
${sections.join('')}</main></html>`;
}

function section(route: Route, operation: Operation): string {
  const parameters = (operation.parameters ?? [])
    .map(
      (p) =>
        `<tr><td><code>${html(p.name)}</code><td>${p.in}${p.required ? '' : ', optional'}<td>${html(p.description ?? '')} <code>${html(JSON.stringify(p.schema))}</code>`,
    )
    .join('');
  const body = route.raw
    ? `<p>Body: ${html(route.raw.join(', '))}</p>`
    : operation.requestBody
      ? schemaBox('Body', Object.values(operation.requestBody.content)[0]!.schema)
      : '';
  const answers = Object.entries(operation.responses)
    .map(([status, a]) => {
      const [type, { schema }] = Object.entries(a.content)[0]!;
      const shown = Number(status) < 400 ? schemaBox(type, schema) : '';
      return `<tr><td><b>${status}</b><td>${html(a.description)}${shown}`;
    })
    .join('');
  return `<section id="${anchor(route)}"><h3><b>${route.method}</b> ${html(route.path)}</h3><p>${html(route.summary)}.</p>
${route.description ? `<p>${html(route.description)}</p>` : ''}${parameters ? `<table>${parameters}</table>` : ''}${body}<table>${answers}</table></section>`;
}

const anchor = (route: Route) => `${route.method}${route.path.replace(/\W+/g, '-')}`;
const schemaBox = (title: string, schema: unknown) =>
  `<details><summary>${html(title)}</summary><pre>${html(JSON.stringify(schema, null, 2))}</pre></details>`;

const style = `body{margin:0;display:grid;grid-template-columns:22rem 1fr;font:15px/1.5 system-ui,sans-serif;color:#1d2733;background:#f7f8f9}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1rem;background:#0d1620;color:#d7dee6;box-sizing:border-box}
nav a{color:#9cc7e8;text-decoration:none}nav ul{list-style:none;padding:0;font-size:13px}main{padding:1rem 2rem;max-width:60rem;min-width:0}
h3 b,nav b{text-transform:uppercase;font-size:.8em}table{border-collapse:collapse;width:100%;margin:.5rem 0}
td{border-top:1px solid #d3d9df;padding:.3rem .6rem;vertical-align:top}pre{overflow:auto;background:#fff;padding:.6rem;border:1px solid #d3d9df}
code{overflow-wrap:anywhere}@media(max-width:60rem){body{display:block}nav{position:static;height:auto}}`;

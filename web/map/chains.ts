/** Join edges (pairs of vertex numbers) end to end; a line ends where other than two edges meet. Every edge is used once. */
export function chains(edges: readonly { a: number; b: number }[]): number[][] {
  const at = new Map<number, number[]>();
  const join = (v: number, e: number) => {
    const list = at.get(v);
    if (list) list.push(e);
    else at.set(v, [e]);
  };
  edges.forEach((e, i) => {
    join(e.a, i);
    join(e.b, i);
  });
  const used = new Uint8Array(edges.length);
  const walk = (start: number, first: number) => {
    const line = [start];
    let v = start;
    let e: number | undefined = first;
    while (e !== undefined) {
      used[e] = 1;
      const edge = edges[e] as { a: number; b: number };
      v = edge.a === v ? edge.b : edge.a;
      line.push(v);
      const here: number[] = at.get(v) ?? [];
      e = here.length === 2 ? here.find((i) => !used[i]) : undefined;
    }
    return line;
  };
  const out: number[][] = [];
  for (const [v, list] of at) if (list.length !== 2) for (const e of list) if (!used[e]) out.push(walk(v, e));
  edges.forEach((e, i) => {
    if (!used[i]) out.push(walk(e.a, i));
  });
  return out;
}

import { expect, it } from 'vitest';
import { renewWhenReplaced } from '../../web/renew.ts';

function page() {
  let listener: (e: { preventDefault(): void }) => void = () => {};
  const kept = new Map<string, string>();
  let reloads = 0;
  let at = 1_000_000;
  renewWhenReplaced(
    {
      addEventListener: (_: string, l: unknown) => {
        listener = l as typeof listener;
      },
      location: { reload: () => reloads++ },
      sessionStorage: { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => kept.set(k, v) },
    } as unknown as Window,
    () => at,
  );
  return {
    miss: () => listener({ preventDefault: () => {} }),
    wait: (ms: number) => {
      at += ms;
    },
    reloads: () => reloads,
  };
}

it('a page whose parts were replaced is loaded anew, once and not in a loop', () => {
  const p = page();
  p.miss();
  p.miss();
  expect(p.reloads()).toBe(1);
  p.wait(120_000);
  p.miss();
  expect(p.reloads()).toBe(2);
});

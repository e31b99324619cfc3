import { expect, it } from 'vitest';
import { type Actor, WHOLE_CENTRE } from '../../model/access.ts';
import { zCentre } from '../../model/centre.ts';
import { type Fact, zCameraSpec } from '../../model/ledger.ts';
import { emptyWorld } from '../../model/world.ts';
import { openViews, type View } from '../../server/cameras/views.ts';
import { fixtureCentre, middleOf } from '../support/fixture-street.ts';

const actor: Actor = { id: 'alice', role: 'operator', area: WHOLE_CENTRE };
const camera = zCameraSpec.parse({ id: 'c-1', name: '一', lngLat: middleOf(0), area: null });
const world = {
  ...emptyWorld,
  centre: zCentre.parse({ ...fixtureCentre, media: { hls: 'http://media.test/{stream}/index.m3u8' } }),
  cameras: new Map([[camera.id, camera]]),
};

function house(viewMs: number) {
  let now = 1_000_000;
  const facts: Fact[] = [];
  const ended: View[] = [];
  const ledger = {
    world,
    append: async (_: string, decide: (w: typeof world) => readonly Fact[]) => {
      facts.push(...decide(world));
      return [];
    },
  };
  const views = openViews({ ledger: ledger as never, now: () => now, onEnd: (v) => ended.push(v), viewMs });
  return { views, facts, ended, pass: (ms: number) => (now += ms) };
}

it('a view that has lasted its time is of no use any more, unless it was renewed meanwhile', async () => {
  const { views, facts, pass } = house(600_000);
  const view = await views.open(actor, 'c-1', {});
  pass(599_999);
  expect(views.use(actor, view.id)).toBe(view);
  await views.open(actor, 'c-1', { renew: view.id });
  pass(599_999);
  expect(views.use(actor, view.id)).toBe(view);
  pass(1);
  expect(() => views.use(actor, view.id)).toThrow(/it has ended/);
  expect(facts).toHaveLength(2);
  views.close();
});

it('what a view opened at the media server is ended with it, by itself', async () => {
  const { views, ended } = house(1);
  const view = await views.open(actor, 'c-1', {});
  await expect.poll(() => ended).toEqual([view]);
});

it('an account cannot keep any number of views open', async () => {
  const { views, facts } = house(600_000);
  for (let i = 0; i < 64; i++) await views.open(actor, 'c-1', {});
  await expect(views.open(actor, 'c-1', {})).rejects.toMatchObject({ status: 429 });
  expect(facts).toHaveLength(64);
  await expect(views.open({ ...actor, id: 'bob' }, 'c-1', {})).resolves.toMatchObject({ actor: 'bob' });
  views.close();
});

import { randomBytes } from 'node:crypto';
import type { Actor } from '../../model/access.ts';
import { partsOfAlarm } from '../../model/alarm.ts';
import { alarmSource } from '../../model/alarm-source.ts';
import { type Camera, incidentOf, type World } from '../../model/world.ts';
import { mustBeAllowed } from '../commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import { addressOf } from './media.ts';
import { type Names, signedNames } from './names.ts';

/** A view (调阅) ends after this, unless it is renewed: nobody is watched because somebody forgot a window. */
export const VIEW_MS = 10 * 60_000;
/** of one account at once: four pictures on each of sixteen screens */
const MAX_VIEWS = 64;

/** On account of what a camera is looked through. `renew`: a view of one's own that is to go on. */
export interface Account {
  readonly incident?: string | undefined;
  readonly alarm?: string | undefined;
  readonly renew?: string | undefined;
}
export interface View {
  readonly id: string;
  readonly actor: string;
  readonly camera: string;
  readonly hls: { readonly address: URL; readonly names: Names } | null;
  readonly whep: { readonly address: URL; readonly sessions: Map<string, URL> } | null;
  /** epoch ms */
  until: number;
}

/** Who looks through which camera now. In memory: a restart ends every view, and what happened is in the ledger. */
export interface Views {
  /** Durable in the ledger before it is answered. @throws Refused */
  open(actor: Actor, camera: string, account: Account): Promise<View>;
  /** A view for one more request of its own account. @throws Refused 404 when it has ended, 403 for everybody else */
  use(actor: Actor, id: string): View;
  /** Before its time, by its own account. @throws as `use` */
  end(actor: Actor, id: string): void;
  close(): void;
}

interface Parts {
  readonly ledger: Pick<Ledger, 'append' | 'world'>;
  readonly now: () => number;
  /** called when a view has ended, to end what it opened at the media server */
  readonly onEnd: (view: View) => void;
  readonly viewMs?: number;
}

export function openViews({ ledger, now, onEnd, viewMs = VIEW_MS }: Parts): Views {
  const views = new Map<string, View>();
  const timers = new Map<string, NodeJS.Timeout>();

  function end(view: View) {
    clearTimeout(timers.get(view.id));
    timers.delete(view.id);
    if (views.delete(view.id)) onEnd(view);
  }
  function goOn(view: View) {
    view.until = now() + viewMs;
    clearTimeout(timers.get(view.id));
    timers.set(view.id, setTimeout(() => end(view), viewMs).unref());
  }

  function mine(actor: Actor, id: string): View {
    const view = views.get(id);
    if (!view || view.until <= now()) throw new Refused(404, 'view', 'it has ended: open another');
    if (view.actor !== actor.id) throw new Refused(403, 'actor', 'a view belongs to the account that opened it');
    return view;
  }

  return {
    async open(actor, id, { incident, alarm, renew }) {
      const known = renew === undefined ? undefined : mine(actor, renew);
      if (known && known.camera !== id) throw new Refused(400, 'renew', `a view of camera ${known.camera}`);
      if (!known && [...views.values()].filter((v) => v.actor === actor.id).length >= MAX_VIEWS) {
        throw new Refused(429, 'actor', `at most ${MAX_VIEWS} views of an account at once`);
      }
      const fresh = known ?? begin(actor, id, ledger.world);
      await ledger.append(actor.id, (world) => {
        const { area } = mayView(actor, id, world);
        checkAccount(actor, world, { incident, alarm });
        return [{ kind: 'camera.viewed', body: { camera: id, area, ...(incident ? { incident } : {}), ...(alarm ? { alarm } : {}) } }];
      });
      views.set(fresh.id, fresh);
      goOn(fresh);
      return fresh;
    },
    use(actor, id) {
      const view = mine(actor, id);
      mayView(actor, view.camera, ledger.world);
      return view;
    },
    end: (actor, id) => end(mine(actor, id)),
    close() {
      for (const view of [...views.values()]) end(view);
    },
  };
}

/** @throws Refused 404 for a camera that is not registered, 403 for one the actor may not look through */
function mayView(actor: Actor, id: string, world: World): Camera {
  const camera = world.cameras.get(id);
  if (!camera) throw new Refused(404, 'id', `camera ${id} is not registered`);
  mustBeAllowed(actor, 'view-camera', camera.area, world);
  return camera;
}

function begin(actor: Actor, id: string, world: World): View {
  const camera = mayView(actor, id, world);
  const { hls, whep } = world.centre?.media ?? {};
  if (!hls && !whep) throw new Refused(409, 'centre.media', 'no media server is configured');
  const of = (template: string) => addressOf(template, camera.stream ?? camera.id);
  const address = hls ? of(hls) : null;
  return {
    id: randomBytes(18).toString('base64url'),
    actor: actor.id,
    camera: id,
    hls: address && { address, names: signedNames(address) },
    whep: whep ? { address: of(whep), sessions: new Map() } : null,
    until: 0,
  };
}

/** What is named as the reason must be there, and be the actor's to know of. */
function checkAccount(actor: Actor, world: World, { incident, alarm }: Account) {
  if (incident !== undefined) {
    const known = incidentOf(world, incident);
    if (!known) throw new Refused(400, 'incident', `no incident ${incident} among the open and recent ones`);
    mustBeAllowed(actor, 'watch', known.area, world);
  }
  if (alarm !== undefined) {
    const source = alarmSource(world, partsOfAlarm(alarm).sensor);
    if (!source) throw new Refused(400, 'alarm', `no sensor or unit of alarm ${alarm}`);
    mustBeAllowed(actor, 'watch', world.alarms.get(alarm)?.area ?? source.area, world);
  }
}

import type { Pool } from 'pg';
import { change, run } from './sql.ts';

/** `since`: it has said so without a break since then; `heard`: it said so last. Epoch ms by the server's clock. */
export interface CameraState {
  readonly online: boolean;
  readonly since: number;
  readonly heard: number;
}
export interface CameraStateStore {
  all(): Promise<ReadonlyMap<string, CameraState>>;
  put(states: ReadonlyMap<string, CameraState>): Promise<void>;
}

export function cameraStateStore(pool: Pool): CameraStateStore {
  return {
    async all() {
      const rows = await run<{ camera: string; online: boolean; since: number; heard: number }>(
        pool,
        'SELECT camera, online, since, heard FROM camera_states',
      );
      return new Map(rows.map(({ camera, ...state }) => [camera, state]));
    },
    async put(states) {
      const list = [...states];
      await change(
        pool,
        `INSERT INTO camera_states (camera, online, since, heard)
         SELECT * FROM unnest($1::text[], $2::boolean[], $3::bigint[], $4::bigint[])
         ON CONFLICT (camera) DO UPDATE SET online = EXCLUDED.online, since = EXCLUDED.since, heard = EXCLUDED.heard`,
        [list.map(([id]) => id), list.map(([, s]) => s.online), list.map(([, s]) => s.since), list.map(([, s]) => s.heard)],
      );
    },
  };
}

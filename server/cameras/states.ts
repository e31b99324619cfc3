import type { CameraState, CameraStateStore } from '../store/camera-states.ts';

/** 在线状态 of cameras, with its times. Units and sensors are in telemetry; a camera has no reading there. */
export interface CameraStates {
  said(camera: string, online: boolean, at: number): void;
  /** undefined = it never said */
  get(camera: string): CameraState | undefined;
  /** Write down what is not written yet, and stop. */
  close(): Promise<void>;
}

/**
 * What is known of the state at a moment: one that has lasted since before then. Changes before the last are not kept, so that of an earlier
 * moment nothing is known; nor when it was heard last by then. @param asOf epoch ms; undefined = now
 */
export function stateAsOf(state: CameraState | undefined, asOf: number | undefined): Partial<CameraState> | undefined {
  if (!state || asOf === undefined) return state;
  return state.since <= asOf ? { online: state.online, since: state.since } : undefined;
}

interface Parts {
  readonly store: CameraStateStore;
  readonly onError: (error: unknown) => void;
  /** ms between two writings */
  readonly everyMs?: number;
}

/** Changes are written down in batches: a kill loses the last second of them, which the next word of each camera mends. */
const WRITE_MS = 1000;

export async function openCameraStates({ store, onError, everyMs = WRITE_MS }: Parts): Promise<CameraStates> {
  const states = new Map(await store.all());
  let unwritten = new Map<string, CameraState>();
  let writing: Promise<void> = Promise.resolve();

  function write() {
    writing = writing.then(async () => {
      if (unwritten.size === 0) return;
      const batch = unwritten;
      unwritten = new Map();
      try {
        await store.put(batch);
      } catch (error) {
        for (const [id, state] of batch) if (!unwritten.has(id)) unwritten.set(id, state);
        onError(error);
      }
    });
    return writing;
  }
  const timer = setInterval(write, everyMs);

  return {
    said(camera, online, at) {
      const before = states.get(camera);
      if (before && at < before.heard) return;
      const state = { online, since: before?.online === online ? before.since : at, heard: at };
      states.set(camera, state);
      unwritten.set(camera, state);
    },
    get: (camera) => states.get(camera),
    close() {
      clearInterval(timer);
      return write();
    },
  };
}

import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';

/** Answers kept by Idempotency-Key, so that a retry gets the first one's answer and does nothing again. */
export interface Answers {
  /** @throws Refused 409 when the key was used for a body with another fingerprint */
  once<T>(key: string, fingerprint: string, work: () => Promise<T>): Promise<T>;
}

export function openAnswers(store: Pick<Store, 'getAnswer' | 'putAnswer'>): Answers {
  /** requests being worked on: a retry that overtakes its first one waits for it */
  const underway = new Map<string, { fingerprint: string; answer: Promise<unknown> }>();
  const mustMatch = (a: string, b: string) => {
    if (a !== b) throw new Refused(409, 'Idempotency-Key', 'already used for another request body');
  };
  async function answer<T>(key: string, fingerprint: string, work: () => Promise<T>): Promise<T> {
    const kept = await store.getAnswer(key);
    if (kept) {
      mustMatch(kept.fingerprint, fingerprint);
      return JSON.parse(kept.json) as T;
    }
    const fresh = await work();
    await store.putAnswer(key, fingerprint, 200, JSON.stringify(fresh));
    return fresh;
  }
  return {
    async once<T>(key: string, fingerprint: string, work: () => Promise<T>): Promise<T> {
      const other = underway.get(key);
      if (other) {
        mustMatch(other.fingerprint, fingerprint);
        return other.answer as Promise<T>;
      }
      const mine = answer(key, fingerprint, work);
      underway.set(key, { fingerprint, answer: mine });
      try {
        return await mine;
      } finally {
        underway.delete(key);
      }
    },
  };
}

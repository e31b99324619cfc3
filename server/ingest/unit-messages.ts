import { z } from 'zod';
import { zId } from '../../model/fields.ts';
import type { MessageResult, Sender } from '../devices/outbox.ts';

/** `ok` absent = it was shown */
export const zMessageAnswer = z.object({ message: zId, ok: z.boolean().default(true) });

/** How long a unit may take to say that it has shown a text. */
export const ANSWER_MS = 15_000;

/**
 * 喊话 by MQTT, for units that publish their own position: the text goes to `genglou/{street}/unit/{id}/message` with QoS 1; that it arrived
 * is known when the unit publishes `{"message": id}` at `…/answer`, for a broker's acknowledgement is not the unit's.
 */
export class UnitMessages {
  private readonly units = new Set<string>();
  private readonly waiting = new Map<string, { readonly unit: string; readonly done: (result: MessageResult) => void }>();

  constructor(private readonly street: () => string | null) {}

  /** A unit has published a position of its own. */
  heard(unit: string) {
    this.units.add(unit);
  }
  reaches = (unit: string) => this.units.has(unit);

  /** @returns false where this unit has no such message to answer */
  answered(unit: string, message: string, ok: boolean): boolean {
    const asked = this.waiting.get(message);
    if (asked?.unit !== unit) return false;
    asked.done(ok ? 'delivered' : 'refused');
    return true;
  }

  sender(publish: (topic: string, payload: string) => Promise<void>, waitMs = ANSWER_MS): Sender {
    return (unit, text, message) =>
      new Promise((resolve, reject) => {
        const done = (result: MessageResult) => {
          clearTimeout(late);
          this.waiting.delete(message);
          resolve(result);
        };
        const late = setTimeout(() => done('unreachable'), waitMs);
        this.waiting.set(message, { unit, done });
        publish(`genglou/${this.street()}/unit/${unit}/message`, JSON.stringify({ message, text })).catch((error) => {
          done('unreachable');
          reject(error);
        });
      });
  }
}

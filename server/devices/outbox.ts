import type { messageResults } from '../../model/patrol-plan.ts';

export type MessageResult = (typeof messageResults)[number];
/** Hand a text to a device; resolves with how that ended, at the latest after the door's own time limit. */
export type Sender = (device: string, text: string, message: string) => Promise<MessageResult>;

/** 喊话: doors whose protocol can carry a text to a device register here; whoever writes to a unit asks here. */
export class Outbox {
  private readonly senders = new Map<string, Sender>();

  register(door: string, sender: Sender) {
    this.senders.set(door, sender);
  }
  /** Whether this door can carry a text at all. */
  carries = (door: string) => this.senders.has(door);
  async send(door: string, device: string, text: string, message: string): Promise<MessageResult> {
    const sender = this.senders.get(door);
    return sender ? sender(device, text, message).catch(() => 'unreachable' as const) : 'unreachable';
  }
}

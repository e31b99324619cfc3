import type { messageResults } from '../../model/patrol-plan.ts';

export type MessageResult = (typeof messageResults)[number];
/** Hand a text to a device; resolves with how that ended, at the latest after the door's own time limit. */
export type Sender = (device: string, text: string, message: string) => Promise<MessageResult>;
/** @returns the rule a text breaks; null = this door can carry it */
export type TextRule = (text: string) => string | null;

/** 喊话: doors whose protocol can carry a text to a device register here; whoever writes to a unit asks here. */
export class Outbox {
  private readonly senders = new Map<string, { readonly send: Sender; readonly rule: TextRule }>();

  register(door: string, send: Sender, rule: TextRule = () => null) {
    this.senders.set(door, { send, rule });
  }
  /** Whether this door can carry a text at all. */
  carries = (door: string) => this.senders.has(door);
  /** The rule of this door that a text breaks; null = it can carry it. */
  rule = (door: string, text: string): string | null => this.senders.get(door)?.rule(text) ?? null;
  async send(door: string, device: string, text: string, message: string): Promise<MessageResult> {
    const sender = this.senders.get(door);
    return sender ? sender.send(device, text, message).catch(() => 'unreachable' as const) : 'unreachable';
  }
}

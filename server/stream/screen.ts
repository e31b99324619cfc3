import type { Socket } from 'socket.io';
import type { Actor } from '../../model/access.ts';
import { ACK_WINDOW_BYTES, type ClientEvents, type ServerEvents } from '../../model/wire.ts';
import { BitSet } from '../telemetry/bit-set.ts';
import type { Scope } from './scope.ts';

export type ScreenSocket = Socket<ClientEvents, ServerEvents>;

/** Bytes handed to a socket that its network has not taken. Beyond it a screen stops following live and reads from the ledger later. */
export const MAX_BACKLOG_BYTES = 1024 * 1024;

/**
 * One screen: what it has been sent and what it still lacks. Memory per screen is bounded by MAX_BACKLOG_BYTES of queued
 * messages, ACK_WINDOW_BYTES of frames and one bit per unit and sensor, however long it does not read.
 */
export class Screen {
  readonly socket: ScreenSocket;
  readonly actor: Actor;
  scope: Scope;
  /** seq of the last entry sent */
  sent = 0;
  /** joined and caught up: entries are sent as they are committed */
  live = false;
  /** frames are sent: it has had a keyframe */
  joined = false;
  gone = false;
  /** counts joins: what was begun for an earlier one is given up */
  turn = 0;
  /** the values this screen lacks because it was slow */
  readonly units = new BitSet();
  readonly sensors = new BitSet();
  /** since when it lacks them, epoch ms; 0 = it lacks none */
  behindSince = 0;
  private frameBytes = 0;
  private ackedBytes = 0;
  private backlog = 0;
  private waiting: (() => void)[] = [];

  constructor(socket: ScreenSocket, actor: Actor, scope: Scope) {
    this.socket = socket;
    this.actor = actor;
    this.scope = scope;
    // 'drain': everything queued was handed to the transport
    socket.conn.on('drain', () => {
      this.backlog = 0;
      this.release();
    });
  }

  /** The acknowledgement window is open. */
  get open() {
    return this.frameBytes - this.ackedBytes < ACK_WINDOW_BYTES;
  }
  get unacknowledged() {
    return this.frameBytes - this.ackedBytes;
  }
  get clogged() {
    return this.backlog > MAX_BACKLOG_BYTES;
  }
  get queuedBytes() {
    return this.backlog;
  }

  /** Account for a message about to be emitted. */
  add(bytes: number) {
    this.backlog += bytes;
  }
  frame(bytes: Uint8Array) {
    this.frameBytes += bytes.length;
    this.add(bytes.length);
    // what `emit('frame', bytes)` would send (see wire-parser.ts), without a packet built and taken apart per screen
    this.socket.conn.write(bytes);
  }
  /** @returns false when no honest screen says so */
  acknowledge(bytes: unknown): boolean {
    if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < this.ackedBytes || bytes > this.frameBytes) return false;
    this.ackedBytes = bytes;
    return true;
  }
  /** A new join counts from nothing. */
  restart() {
    this.frameBytes = 0;
    this.ackedBytes = 0;
    this.forgive();
  }
  /** The screen has everything: a keyframe was sent. */
  forgive() {
    this.units.take();
    this.sensors.take();
    this.behindSince = 0;
  }

  /** Resolves when the backlog has drained, or the screen is gone. */
  async drained() {
    while (this.clogged && !this.gone) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
  leave() {
    this.gone = true;
    this.live = false;
    this.release();
  }
  private release() {
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go();
  }
}

import type { Alarm } from '../../model/alarm.ts';
import type { LngLat } from '../../model/brand.ts';
import type { IncidentState } from '../../model/incident.ts';

/** An alarm as GET /api/v1/world tells it; times in ISO 8601. */
export type AlarmNow = Pick<
  Alarm,
  'id' | 'sensor' | 'rule' | 'priority' | 'state' | 'active' | 'acked' | 'latched' | 'value' | 'raised'
> & {
  readonly raisedAt: string;
};
export interface WorldNow {
  readonly seq: number;
  readonly incidents: readonly { readonly id: string; readonly state: IncidentState }[];
  readonly alarms: readonly AlarmNow[];
  readonly units: readonly { readonly id: string; readonly lngLat: LngLat | null }[];
}
export interface EntryNow {
  readonly seq: number;
  /** epoch ms */
  readonly at: number;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The server's HTTP doors as the demonstration uses them: as a device and as the operator at the desk. */
export class DemoServer {
  failures = 0;
  private readonly base: string;
  private readonly signal: AbortSignal;

  constructor(url: string, signal: AbortSignal) {
    this.base = url.replace(/\/$/, '');
    this.signal = signal;
  }

  /** null where the server is away or refuses: the caller goes on and asks again. */
  async ask<T>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T | null> {
    try {
      const answer = await fetch(this.base + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(15_000)]),
      });
      const text = await answer.text();
      if (answer.ok) return JSON.parse(text) as T;
      this.failures += 1;
      return null;
    } catch {
      if (!this.signal.aborted) this.failures += 1;
      return null;
    }
  }

  /** A file as it is; `name` may be in any script. */
  upload = <T>(path: string, file: Uint8Array<ArrayBuffer>, type: string, name: string) =>
    this.ask<T>(path, new Blob([file]), { 'content-type': type, 'x-file-name': encodeURIComponent(name) });
  world = () => this.ask<WorldNow>('/api/v1/world');
  entries = async (after: number) => (await this.ask<{ entries: EntryNow[] }>(`/api/v1/ledger?after=${after}&limit=2000`))?.entries ?? null;
  entriesOf = async (incident: string) =>
    (await this.ask<{ entries: EntryNow[] }>(`/api/v1/ledger?subject=${encodeURIComponent(incident)}&limit=5000`))?.entries ?? null;
}

import { fixtureCentre, fixtureRegistry, middleOf } from './fixture-street.ts';
import type { TestServer } from './server.ts';

/** Kinds of the flood's street: P1 gas, P2 smoke, P3 noise. */
const kind = (code: string, zh: string, priority: 1 | 2 | 3, high: number, unit: string) => ({
  code,
  name: { zh, en: code },
  alarm: { zh: `${zh}超限`, en: `${code} high` },
  unit,
  high,
  deadband: high / 10,
  priority,
  intervalS: 3600,
});
export const floodCentre = {
  ...fixtureCentre,
  sensorKinds: [kind('gas', '燃气', 1, 20, '%LEL'), kind('smoke', '烟感', 2, 1, 'dB/m'), kind('noise', '噪声', 3, 70, 'dB(A)')],
};
export const floodSensor = (i: number) => `f-${String(i).padStart(4, '0')}`;
const value = { gas: 35, smoke: 3, noise: 88 } as const;
export const kindOfFlood = (i: number) => (i % 2 ? 'noise' : 'smoke');

/** The small street with `n` more sensors, half smoke and half noise, spread over its five leaves. */
export async function loadFloodStreet(server: TestServer, n: number): Promise<void> {
  const must = async (path: string, body: unknown) => {
    const { status, json } = await server.admin(path, body);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
  };
  await must('/api/v1/centre', floodCentre);
  const { fixtureBoundaries } = await import('./fixture-street.ts');
  await must('/api/v1/boundaries', { geojson: fixtureBoundaries, validFrom: '2026-01-01T00:00:00+08:00' });
  await must('/api/v1/registry', fixtureRegistry);
  const sensors = Array.from({ length: n }, (_, i) => {
    const [x, y] = middleOf(i % 5);
    const lngLat = [x + (((i * 7) % 100) - 50) * 1.6e-5, y + (((i * 13) % 100) - 50) * 3e-5];
    return { id: floodSensor(i), kind: kindOfFlood(i), name: `设备 ${i}`, lngLat, area: null };
  });
  for (let from = 0; from < n; from += 1000) await must('/api/v1/registry', { sensors: sensors.slice(from, from + 1000) });
}

/** Readings through the HTTP door, all beyond their limits (or at `to`); throws when one is refused. */
export async function measure(server: TestServer, sensors: readonly string[], of: (id: string) => number): Promise<void> {
  for (let from = 0; from < sensors.length; from += 500) {
    const at = new Date().toISOString();
    const reports = sensors.slice(from, from + 500).map((sensor) => ({ kind: 'reading', sensor, at, value: of(sensor) }));
    const { status, json } = await server.post('/api/v1/reports', { reports });
    if (status !== 200 || json.accepted !== reports.length) throw new Error(`${status} ${JSON.stringify(json).slice(0, 300)}`);
  }
}
export const beyond = (i: number) => value[kindOfFlood(i)];
export const BEYOND_P1 = value.gas;

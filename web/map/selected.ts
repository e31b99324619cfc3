import { partsOfAlarm } from '../../model/alarm.ts';
import type { Selection } from '../map-contract.ts';

export const chosenIncident = (s: Selection | null) => (s?.kind === 'incident' ? s.id : null);
export const unitOf = (s: Selection | null) => (s?.kind === 'unit' ? s.id : null);
/** The sensor chosen itself, or through its alarm. */
export const sensorOf = (s: Selection | null) => (s?.kind === 'sensor' ? s.id : s?.kind === 'alarm' ? partsOfAlarm(s.id).sensor : null);

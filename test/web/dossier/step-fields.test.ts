import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IncidentStep, transitions } from '../../../model/incident.ts';
import { agreementOutcomes, organs, satisfactions, stepForms } from '../../../model/incident-forms.ts';
import { filled, isPlain, missing, stepFields } from '../../../web/panels/dossier/step-fields.ts';

const line = fc.oneof(fc.constant(''), fc.constant('   '), fc.constant('理由'));
const values = fc.record(
  {
    note: line,
    reason: line,
    result: line,
    answer: line,
    unit: fc.constantFrom('', 'u-1', 'u-2'),
    suggested: fc.constantFrom('u-1', 'u-2'),
    department: fc.constantFrom('', 'gas'),
    outcome: fc.constantFrom('', ...agreementOutcomes),
    organ: fc.constantFrom('', ...organs),
    kept: fc.constantFrom(undefined, true, false),
    solved: fc.constantFrom(undefined, true, false),
    satisfaction: fc.constantFrom('', ...satisfactions),
    more: fc.constantFrom(undefined, { n: 2, unit: 'work-day' }),
    reviewAt: fc.constantFrom(undefined, 1_800_000_000_000),
    into: fc.constantFrom('', 'i-2'),
    level: fc.constantFrom('', 'community'),
  },
  { requiredKeys: [] },
);

describe('the form of a step', () => {
  it.each(transitions.map((t) => t.step))('%s is complete on the screen exactly when the model accepts it', (step: IncidentStep) => {
    const names = new Set<string>([...stepFields[step].map((f) => f.name), 'suggested']);
    fc.assert(
      fc.property(values, (all) => {
        const own = Object.fromEntries(Object.entries(all).filter(([k]) => names.has(k)));
        // a blank that need not be filled in is no mistake on the screen; it is not asked about here
        const blank = stepFields[step].some((f) => !f.needed && typeof own[f.name] === 'string' && own[f.name] === '   ');
        if (!blank) expect(stepForms[step].safeParse(filled(own)).success).toBe(missing(step, own) === null);
      }),
    );
  });
  it('is not opened for steps that need nothing said', () => {
    expect(isPlain('file')).toBe(true);
    expect(isPlain('decline')).toBe(false);
    expect(stepForms.file.safeParse({}).success).toBe(true);
  });
});

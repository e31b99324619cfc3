import { z } from 'zod';
import { given, text, zAreaOrNull, zEpochMs, zHash, zId } from './fields.ts';
import type { IncidentStep } from './incident.ts';
import { zLimit } from './worktime.ts';

/** What each step of an incident must bring, in the ledger and over HTTP alike. */
export const whistleKinds = ['daily', 'tough', 'urgent'] as const;
/** 日常 · 攻坚 · 应急 */
export type WhistleKind = (typeof whistleKinds)[number];
export const whistleGrounds = ['beyond-power', 'joint', 'emergency'] as const;
/** 超出街道权限 · 需联合执法 · 突发应急 */
export type WhistleGrounds = (typeof whistleGrounds)[number];
export const agreementOutcomes = ['agreed', 'failed', 'referred'] as const;
/** 达成协议 · 调解不成 · 移送 */
export type AgreementOutcome = (typeof agreementOutcomes)[number];
export const organs = ['police', 'procuratorate', 'court', 'justice'] as const;
/** 公 · 检 · 法 · 司 */
export type Organ = (typeof organs)[number];
export const satisfactions = ['satisfied', 'fair', 'dissatisfied'] as const;
/** 满意 · 基本满意 · 不满意 */
export type Satisfaction = (typeof satisfactions)[number];

const note = text(400).optional();
const reason = given(400);
/** code of a department of the centre */
export const zDepartmentRef = z.string().regex(/^[a-z0-9-]{1,40}$/, 'code of a department');
const rating = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
const bare = z.object({ note });
const because = z.object({ reason });
/** `suggested`: the unit that stood first on the list; whoever sends another one says why. */
const sent = z.object({ unit: zId.optional(), suggested: zId.optional(), reason: reason.optional(), note });
const explained = (b: { unit?: string | undefined; suggested?: string | undefined; reason?: string | undefined }) =>
  b.suggested === undefined || b.unit === undefined || b.unit === b.suggested || b.reason !== undefined;
const mustExplain = { error: 'needed: another unit than the first on the list is sent', path: ['reason'] };

export const stepForms = {
  file: bare,
  decline: because,
  dispatch: sent
    .extend({ department: zDepartmentRef.optional() })
    .refine((b) => b.unit !== undefined || b.department !== undefined, { error: 'dispatch needs a unit or a department', path: ['unit'] })
    .refine(explained, mustExplain),
  accept: bare,
  reject: because,
  arrive: bare,
  note: z.object({ note: given(400), unit: zId.optional() }),
  'ask-help': z.object({ note: given(400) }),
  reinforce: sent.refine((b) => b.unit !== undefined, { error: 'reinforce needs a unit', path: ['unit'] }).refine(explained, mustExplain),
  join: z.object({ unit: zId, note }),
  handle: z.object({ note, result: text(400).optional() }),
  mediate: z.object({ note: given(400) }),
  agree: z
    .object({ outcome: z.enum(agreementOutcomes), organ: z.enum(organs).optional(), note })
    .refine((b) => b.outcome !== 'referred' || b.organ !== undefined, { error: 'needed: to whom it is referred', path: ['organ'] }),
  verify: bare,
  rework: because,
  revisit: z.object({ kept: z.boolean(), note }),
  close: z.object({ note, answer: text(400).optional() }),
  rate: z.object({ solved: z.boolean(), satisfaction: z.enum(satisfactions).optional(), note }),
  return: because,
  'ask-extension': z.object({ reason, more: zLimit }),
  'grant-extension': bare,
  'deny-extension': because,
  suspend: z.object({ reason, reviewAt: zEpochMs }),
  resume: bare,
  void: because,
  merge: z.object({ into: zId, reason: text(400).optional() }),
  reopen: because,
  escalate: z.object({ level: z.string().max(24).optional(), reason }),
} as const satisfies Record<IncidentStep, z.ZodType>;

export type StepForm<S extends IncidentStep = IncidentStep> = { [K in S]: { readonly step: K } & z.output<(typeof stepForms)[K]> }[S];

/** 吹哨: what a caller says. `departments`: whom it calls. */
export const zWhistleForm = z.object({
  kind: z.enum(whistleKinds),
  grounds: z.enum(whistleGrounds),
  text: given(400),
  departments: z
    .array(zDepartmentRef)
    .min(1)
    .max(20)
    .refine((list) => new Set(list).size === list.length, 'each department once'),
});
export const whistleActs = ['answer', 'arrive', 'urge', 'release', 'rate'] as const;
/** 应答 · 报到 · 催办 · 解除 · 评价 */
export type WhistleAct = (typeof whistleActs)[number];
export const zWhistleAct = z.discriminatedUnion('act', [
  z.object({ act: z.literal('answer'), whistle: z.number().int().min(1), department: zDepartmentRef, note }),
  z.object({ act: z.literal('arrive'), whistle: z.number().int().min(1), department: zDepartmentRef, note }),
  z.object({ act: z.literal('urge'), whistle: z.number().int().min(1), department: zDepartmentRef, note }),
  z.object({ act: z.literal('release'), whistle: z.number().int().min(1), note }),
  z.object({ act: z.literal('rate'), whistle: z.number().int().min(1), department: zDepartmentRef, rating, note }),
]);
export type WhistleActForm = z.output<typeof zWhistleAct>;

export const zAttachmentFields = z.object({
  hash: zHash,
  kind: z.enum(['photo', 'audio', 'pdf']),
  type: z.string().max(80),
  bytes: z.number().int().min(1),
  name: text(120),
  shown: zHash,
  thumb: zHash.nullable(),
});
export const zLevelReached = z.object({ level: z.string().max(24), area: zAreaOrNull });

import type { Actor } from '../model/access.ts';
import { type AlarmRule, ruleKey } from '../model/alarm-rule.ts';
import { ruleMistake } from '../model/alarm-rule-check.ts';
import { rulesByKind } from '../model/alarm-rules.ts';
import { kindOfSource } from '../model/alarm-source.ts';
import type { EpochMs } from '../model/brand.ts';
import { UNIT_KIND } from '../model/centre.ts';
import { canonicalJson, type EntryBody } from '../model/ledger.ts';
import type { WorldAsOf } from './as-of.ts';
import { mustBeAllowed } from './commands.ts';
import type { Ledger } from './ledger/ledger.ts';
import { entryOf } from './ledger/rows.ts';
import { Refused } from './refused.ts';
import { checkRecordedAt } from './setup.ts';
import type { Store } from './store/store.ts';
import { scopeOf } from './stream/scope.ts';

export type Trial = NonNullable<EntryBody<'rule.set'>['trial']>;
/** A rule as it stands, and how much hangs on it. */
export interface RuleRow {
  readonly rule: AlarmRule;
  /** it is a plain limit of its kind, from the centre's configuration; nobody has set it */
  readonly simple: boolean;
  /** sensors of its kind (units, where it is about them), and its alarms that are active, in the asker's area */
  readonly sensors: number;
  readonly standing: number;
  /** epoch ms and account; null for a simple one */
  readonly setAt: EpochMs | null;
  readonly setBy: string | null;
  readonly trial: Trial | null;
}

export interface AlarmRules {
  /** @param asOf epoch ms: the rules of then, with what hung on them then; absent = now */
  list(actor: Actor, asOf?: EpochMs): Promise<{ seq: number; rules: RuleRow[] }>;
  /** @param at recorded as of then instead of now @throws Refused when it names what is not there, or could not work */
  set(actor: Actor, rule: AlarmRule, trial: Trial | undefined, at?: EpochMs): Promise<{ seq: number }>;
}

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'append'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly asOf: WorldAsOf;
  readonly now: () => number;
}
const PAGE = 500;
type Setting = Pick<RuleRow, 'setAt' | 'setBy' | 'trial'> & { readonly seq: number };

export function openAlarmRules({ ledger, store, asOf, now }: Parts): AlarmRules {
  /** every setting of each rule, the oldest first */
  const settings = new Map<string, Setting[]>();
  let readUpTo = 0;

  /** Who set each rule last by `seq`, and when; reads what the ledger has more than last time. */
  async function settingsUpTo(seq: number): Promise<(key: string) => Setting | undefined> {
    while (readUpTo < seq) {
      const rows = await store.readEntries({ kinds: ['rule.set'], after: readUpTo, upTo: seq, limit: PAGE });
      for (const row of rows) {
        const { at, actor, body } = entryOf(row);
        const { rule, trial = null } = body as EntryBody<'rule.set'>;
        const key = ruleKey(rule);
        const known = settings.get(key) ?? [];
        // two may read the same page at once
        if (row.seq > (known.at(-1)?.seq ?? 0)) settings.set(key, [...known, { seq: row.seq, setAt: at, setBy: actor, trial }]);
      }
      readUpTo = Math.max(readUpTo, rows.length < PAGE ? seq : rows.at(-1)!.seq);
    }
    return (key) => settings.get(key)?.findLast((s) => s.seq <= seq);
  }

  return {
    async list(actor, asked) {
      const { world } = await asOf(asked);
      const { sees } = scopeOf(actor, world);
      const set = await settingsUpTo(world.seq);
      const sensors = new Map<string, number>();
      for (const s of world.sensors.values()) if (sees(s.area)) sensors.set(s.kind, (sensors.get(s.kind) ?? 0) + 1);
      for (const u of world.units.values()) if (sees(u.area)) sensors.set(UNIT_KIND.code, (sensors.get(UNIT_KIND.code) ?? 0) + 1);
      const standing = new Map<string, number>();
      for (const a of world.alarms.values()) {
        const kind = a.active && sees(a.area) ? kindOfSource(world, a.sensor) : undefined;
        if (kind === undefined) continue;
        const key = ruleKey({ kind, code: a.rule });
        standing.set(key, (standing.get(key) ?? 0) + 1);
      }
      const rules = [...rulesByKind(world).values()].flat().map((rule): RuleRow => {
        const key = ruleKey(rule);
        const simple = !world.rules.has(key);
        const by = simple ? undefined : set(key);
        return {
          rule,
          simple,
          sensors: sensors.get(rule.kind) ?? 0,
          standing: standing.get(key) ?? 0,
          setAt: by?.setAt ?? null,
          setBy: by?.setBy ?? null,
          trial: by?.trial ?? null,
        };
      });
      return { seq: world.seq, rules };
    },

    async set(actor, rule, trial, at) {
      if (trial && trial.to <= trial.from) throw new Refused(400, 'trial.to', 'must be later than from');
      if (trial && trial.to > now()) throw new Refused(400, 'trial.to', 'lies in the future');
      const entries = await ledger.append(
        actor.id,
        (world) => {
          mustBeAllowed(actor, 'edit-rules', null, world);
          if (!world.centre) throw new Refused(409, 'centre', 'no centre is set up yet');
          checkRecordedAt(at, world, now());
          const wrong = ruleMistake(world, rule);
          if (wrong) throw new Refused(400, `rule.${wrong.field}`, wrong.rule);
          const before = world.rules.get(ruleKey(rule));
          if (before && canonicalJson(before) === canonicalJson(rule)) return [];
          return [{ kind: 'rule.set', body: { rule, ...(trial ? { trial } : {}) } }];
        },
        at,
      );
      return { seq: entries.at(-1)?.seq ?? ledger.world.seq };
    },
  };
}

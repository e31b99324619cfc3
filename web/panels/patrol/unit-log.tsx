import type { Entry } from '../../../model/ledger.ts';
import type { Unit } from '../../../model/world.ts';
import { useServer } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useEntries } from '../use-entries.ts';

const SHOWN = 10;
const told = [
  'unit.messaged',
  'unit.message-answered',
  'unit.strayed',
  'unit.returned',
  'unit.silent',
  'unit.doubted',
  'unit.heard',
  'device.bound',
  'device.released',
] as const;
type Told = (typeof told)[number];
const isTold = (e: Entry): e is Entry<Told> => (told as readonly string[]).includes(e.kind);

/** 近期台账 of a unit: what was said to it and how that ended, where it strayed, when it fell silent. */
export function UnitLog({ unit }: { unit: Unit }) {
  const { t, at } = useText();
  const fresh = useFreshness();
  const seq = useServer((s) => s.world.patrols.get(unit.id));
  const notices = useServer((s) => s.world.seq);
  // new entries about it come with a change of what is unusual, and with a message; the latter changes no state of the world
  const { lists, failed } = useEntries(
    [unit.id],
    `${seq?.strayedAt} ${seq?.silentSince} ${seq?.doubted?.since} ${Math.floor(notices / 20)}`,
  );
  const list = (lists?.[0] ?? []).filter(isTold).slice(-SHOWN).reverse();
  const text = (e: Entry<Told>) => {
    if (e.kind === 'unit.messaged') return t('unitPage.entry.messaged', { text: e.body.text });
    if (e.kind === 'unit.message-answered') return t('unitPage.entry.answered', { result: t(`unitPage.result.${e.body.result}`) });
    if (e.kind === 'device.bound') return t('unitPage.entry.bound', { door: e.body.door });
    if (e.kind === 'device.released') return t('unitPage.entry.released', { door: e.body.door });
    if (e.kind === 'unit.doubted') return t('unitPage.entry.doubted', { reason: t(`devices.quarantine.reasons.${e.body.reason}`) });
    return t(`unitPage.entry.${e.kind.slice('unit.'.length) as 'strayed' | 'returned' | 'silent' | 'heard'}`);
  };
  return (
    <Panel
      id="unit-log"
      title={t('unitPage.log')}
      {...(list.length ? { sub: t('unitPage.logSub', { n: list.length }) } : {})}
      fresh={fresh}
    >
      {failed && <p className="p2">{t('unitPage.logFailed')}</p>}
      {lists && list.length === 0 && <p className="t3">{t('unitPage.logNone')}</p>}
      <ul className="pt-list">
        {list.map((e) => (
          <li key={e.seq}>
            <span className="fig" title={`${at(e.at).date} ${at(e.at).hms}`}>
              {at(e.at).hm}
            </span>
            <span>{text(e)}</span>
            <span className="fig">{at(e.at).date}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

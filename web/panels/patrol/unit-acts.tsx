import { useState } from 'react';
import { may } from '../../../model/access.ts';
import { treeOf, type Unit } from '../../../model/world.ts';
import { useApp, useServer, useStop, useView } from '../../app-context.ts';
import { Panel, PERIOD, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { ApiError } from '../../http.ts';
import { messageUnit, type UnitContact, unitContact } from '../../patrol-api.ts';
import { toPatrol, trailMinutes } from '../../store/view-store.ts';

const ruleOf = (e: unknown) => (e instanceof Error ? e.message : String(e));

/** 跟随 拖尾 查看轨迹 呼叫 喊话. What this visitor may not do, or not now, stands there with the reason. */
export function UnitActs({ unit }: { unit: Unit }) {
  const { t } = useText();
  const { view, latest } = useApp();
  const follow = useView((s) => s.follow === unit.id);
  const trail = useView((s) => s.trail);
  const fresh = useFreshness(latest.frameAt, PERIOD.positions);
  return (
    <Panel id="unit-acts" title={t('unitPage.acts')} fresh={fresh}>
      <div className="pt-acts">
        <button type="button" data-act="follow" aria-pressed={follow} onClick={() => view.setState({ follow: follow ? null : unit.id })}>
          {t(follow ? 'unitPage.unfollow' : 'unitPage.follow')}
        </button>
        <button type="button" data-act="tracks" onClick={() => toPatrol(view, 'tracks', { units: unit.id })}>
          {t('unitPage.tracks')}
        </button>
        <fieldset className="pt-trailset">
          <span aria-hidden="true">{t('unitPage.trail')}</span>
          <legend className="sr">{t('unitPage.trail')}</legend>
          {trailMinutes.map((minutes) => (
            <button
              key={minutes}
              type="button"
              data-trail={minutes}
              aria-pressed={trail?.minutes === minutes}
              onClick={() => view.setState({ trail: trail?.minutes === minutes ? null : { minutes, all: trail?.all ?? false } })}
            >
              {t('unitPage.trailOf', { n: minutes })}
            </button>
          ))}
        </fieldset>
      </div>
      <Reach unit={unit} />
    </Panel>
  );
}

type Call =
  | { readonly is: 'idle' | 'asking' }
  | { readonly is: 'known'; readonly of: UnitContact }
  | { readonly is: 'failed'; readonly rule: string };
type Sent = { readonly is: 'idle' | 'sending' } | { readonly is: 'done'; readonly told: string; readonly good: boolean };

/** 呼叫 and 喊话, both of the right `message`. */
function Reach({ unit }: { unit: Unit }) {
  const { t } = useText();
  const actor = useServer((s) => s.actor);
  const areas = useServer((s) => s.world.areas);
  const stop = useStop();
  const verdict = actor && may(actor, 'message', unit.area, treeOf({ areas }));
  const why = verdict && !verdict.ok ? t('unitPage.mayNot', { role: t(`rights.${actor.role}`) }) : stop;
  const [call, setCall] = useState<Call>({ is: 'idle' });
  const [sent, setSent] = useState<Sent>({ is: 'idle' });
  const [text, setText] = useState('');
  /** why no text can reach this unit, once the server has said so */
  const [closed, setClosed] = useState<string | null>(null);
  const ask = () => {
    setCall({ is: 'asking' });
    unitContact(unit.id)
      .then((of) => setCall({ is: 'known', of }))
      .catch((e: unknown) => setCall({ is: 'failed', rule: ruleOf(e) }));
  };
  const send = () => {
    setSent({ is: 'sending' });
    messageUnit(unit.id, text.trim())
      .then(({ result }) => {
        setSent({ is: 'done', told: t(`unitPage.result.${result}`), good: result === 'delivered' });
        if (result === 'delivered') setText('');
      })
      .catch((e: unknown) => {
        // 409: this unit has no device that can be sent a text; trying again would not change that
        const none = e instanceof ApiError && e.status === 409;
        if (none) setClosed(e.message);
        setSent(none ? { is: 'idle' } : { is: 'done', told: t('unitPage.messageFailed', { rule: ruleOf(e) }), good: false });
      });
  };
  const stopped = why !== null && why !== undefined;
  return (
    <>
      <div className="pt-acts">
        {call.is === 'known' && call.of.tel !== null ? (
          <a href={`tel:${call.of.tel}`} data-act="dial">
            {call.of.name} · {t('unitPage.dial', { tel: call.of.tel })}
          </a>
        ) : call.is === 'known' ? (
          <p className="pt-why">{t('unitPage.noTel', { name: call.of.name })}</p>
        ) : (
          <button type="button" data-act="call" disabled={stopped || call.is === 'asking'} title={t('unitPage.callLogged')} onClick={ask}>
            {t(call.is === 'asking' ? 'unitPage.calling' : 'unitPage.call')}
          </button>
        )}
        {call.is === 'failed' && (
          <p className="pt-why p2" role="alert">
            {t('unitPage.callFailed', { rule: call.rule })}
          </p>
        )}
        {stopped && <p className="pt-why">{why}</p>}
      </div>
      <form
        className="pt-message"
        onSubmit={(e) => {
          e.preventDefault();
          send();
        }}
      >
        <textarea
          rows={1}
          maxLength={200}
          value={text}
          disabled={stopped || closed !== null}
          aria-label={t('unitPage.message')}
          placeholder={t('unitPage.messageHint')}
          onChange={(e) => setText(e.target.value)}
        />
        <button type="submit" data-act="message" disabled={stopped || closed !== null || sent.is === 'sending' || text.trim() === ''}>
          {t(sent.is === 'sending' ? 'unitPage.sending' : 'unitPage.message')}
        </button>
      </form>
      <p className={`pt-why ${sent.is === 'done' && !sent.good ? 'p2' : ''}`} role="status">
        {closed !== null ? t('unitPage.noDoor', { rule: closed }) : sent.is === 'done' ? sent.told : ''}
      </p>
    </>
  );
}

import { useId, useState } from 'react';
import { useText } from '../../../design/use-text.ts';
import { bindTable, type TableMistake } from '../../../devices-api.ts';

/** 按表绑定: many devices at once, all or none; every mistake by line and column. */
export function CsvForm({ stop, onDone }: { stop: string | null; onDone: (told: string) => void }) {
  const { t } = useText();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [sending, setSending] = useState(false);
  const [wrong, setWrong] = useState<{ why: string; mistakes: readonly TableMistake[] } | null>(null);

  async function send() {
    if (!file) return;
    setSending(true);
    setWrong(null);
    try {
      const answer = await bindTable(file);
      if ('rows' in answer) onDone(t('devices.csv.done', { n: answer.rows, handed: answer.handed }));
      else setWrong({ why: t('devices.csv.wrong', { n: answer.total }), mistakes: answer.mistakes });
    } catch (e) {
      setWrong({ why: t('devices.csv.failed', { rule: e instanceof Error ? e.message : String(e) }), mistakes: [] });
    }
    setSending(false);
  }
  return (
    <section className="dv-part" aria-labelledby="dv-csv">
      <h3 id="dv-csv">
        {t('devices.csv.title')} <small>{t('devices.csv.hint')}</small>
      </h3>
      <form
        className="dv-csv"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        <input
          id={id}
          className="sr"
          type="file"
          accept=".csv,text/csv"
          disabled={stop !== null}
          onChange={(e) => setFile(e.target.files?.[0] ?? null)}
        />
        <label htmlFor={id} className="dv-act">
          {t('devices.csv.file')}
        </label>
        <span className={file ? '' : 't3'}>{file ? file.name : t('devices.csv.noFile')}</span>
        <button type="submit" className="dv-act" disabled={stop !== null || !file || sending} {...(stop && { title: stop })}>
          {sending ? t('devices.csv.sending') : t('devices.csv.send')}
        </button>
      </form>
      {wrong && (
        <div className="dv-why" role="alert">
          <p>{wrong.why}</p>
          <ul>
            {wrong.mistakes.map((m) => (
              <li key={`${m.line} ${m.column} ${m.rule}`}>
                <b className="fig">{t('devices.csv.line', { line: m.line, column: m.column })}</b> {m.rule}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

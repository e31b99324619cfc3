import { useText } from '../design/use-text.ts';
import { Sheet } from './sheet.tsx';

const rows = [
  ['1–6', 'scenes'],
  ['J K', 'jk'],
  ['Enter', 'enter'],
  ['Esc', 'esc'],
  ['A', 'a'],
  ['Shift A', 'ackAll'],
  ['S R N O', 'alarm'],
  ['N', 'n'],
  ['D', 'd'],
  ['W', 'w'],
  ['S', 's'],
  ['E', 'e'],
  ['O', 'o'],
  ['Shift F10', 'ask'],
  ['I', 'i'],
  ['Space', 'space'],
  ['← →', 'step'],
  ['Shift ← →', 'toEvent'],
  ['M', 'm'],
  ['L', 'l'],
  ['F', 'f'],
  ['?', 'help'],
] as const;

export function KeysSheet() {
  const { t } = useText();
  return (
    <Sheet title={t('keys.title')}>
      <dl className="facts keys">
        {rows.map(([key, what]) => (
          <div key={what}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`keys.list.${what}`)}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}

import { useMemo } from 'react';
import { areaLabel, DEDICATED } from '../../../model/area.ts';
import type { AreaCode } from '../../../model/brand.ts';
import { categoryOf, departmentOf } from '../../../model/centre.ts';
import { treeOf } from '../../../model/world.ts';
import { useServer } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';

/** Names of what a row or a figure holds as codes. Unknown codes stay as they are; '' reads as none. */
export function useNames() {
  const { t, say, at } = useText();
  const centre = useServer((s) => s.world.centre);
  const areas = useServer((s) => s.world.areas);
  const units = useServer((s) => s.world.units);
  return useMemo(() => {
    const tree = treeOf({ areas });
    return {
      department: (code: string | null) => {
        if (!code) return t('events.none');
        const d = departmentOf(centre, code);
        return d ? say(d.name) : code;
      },
      category: (code: string) => say(categoryOf(centre, code).name),
      unit: (id: string | null) => (id ? (units.get(id)?.name ?? id) : ''),
      place: (code: string | null) => (code ? areaLabel(tree, code as AreaCode) : t('queue.outside')),
      level: (key: string | null) => {
        if (!key) return '';
        const level = centre?.levels.find((l) => l.key === key);
        if (level) return say(level.name);
        return key === DEDICATED ? t('events.dedicated') : centre ? say(centre.escalation.top) : key;
      },
      /** 11-22 14:05; the year is plain from the list */
      moment: (ms: number) => `${at(ms).date} ${at(ms).hm}`,
    };
  }, [t, say, at, centre, areas, units]);
}

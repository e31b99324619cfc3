import { useEffect } from 'react';
import { useServer } from '../app-context.ts';
import { useText } from '../design/use-text.ts';

/** The document's title: the scene, or what is open in it, before the centre's name; the product's until the centre is known. */
export function useTitle(scene: string) {
  const { t, say } = useText();
  const centre = useServer((s) => s.world.centre);
  useEffect(() => {
    document.title = centre ? `${scene} · ${t('centreTitle', { name: say(centre.name) })}` : t('product');
  }, [centre, t, say, scene]);
}

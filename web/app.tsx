import { AppContext, type AppParts } from './app-context.ts';
import { WallPage } from './pages/wall/wall-page.tsx';

/** The wall is the only page so far: `/` and `/wall` both lead here. */
export function App({ parts }: { parts: AppParts }) {
  return (
    <AppContext.Provider value={parts}>
      <WallPage />
    </AppContext.Provider>
  );
}

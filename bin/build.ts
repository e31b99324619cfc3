import { buildWall } from './build-wall.ts';

/** `npm run build`: the wall into `dist/`, unless it is built from these very sources. */
await buildWall(console.log);

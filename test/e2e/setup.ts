import type { TestProject } from 'vitest/node';
import { type Demo, startDemo } from '../support/demo.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** address of the running product with its demonstration street */
    url: string;
  }
}

/** One running product for all browser tests, started as `npm start` starts it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const demo: Demo = await startDemo();
  project.provide('url', demo.url);
  return async () => {
    const code = await demo.stop();
    if (code !== 0) throw new Error(`the product ended with ${code}:\n${demo.output()}`);
  };
}

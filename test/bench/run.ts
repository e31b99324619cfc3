import { readdirSync } from 'node:fs';

/** `npm run bench [name …]`: every `*.bench.ts` here, or those whose name contains one of the words given. Prints ratios. */
const words = process.argv.slice(2);
const here = new URL('.', import.meta.url);
const files = readdirSync(here)
  .filter((f) => f.endsWith('.bench.ts'))
  .filter((f) => words.length === 0 || words.some((w) => f.includes(w)))
  .sort();

let failed = 0;
for (const file of files) {
  const bench = (await import(new URL(file, here).href)) as { title: string; run: (print: (line: string) => void) => Promise<void> };
  console.log(`\n# ${bench.title}`);
  try {
    await bench.run((line) => console.log(line));
  } catch (error) {
    failed += 1;
    console.log(`failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
process.exit(failed ? 1 : 0);

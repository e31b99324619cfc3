import { setupCommand } from './commands.ts';

process.exitCode = await setupCommand(process.argv.slice(2), {
  env: process.env,
  fetch,
  out: (line) => console.log(line),
  err: (line) => console.error(line),
});

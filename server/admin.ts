import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Role, roles } from '../model/access.ts';
import { zAreaCode } from '../model/area.ts';
import { hashPassword } from './auth/password.ts';
import { readConfig } from './config.ts';
import { DataDirBusyError } from './store/errors.ts';
import { openStore, type PgStore } from './store/postgres.ts';

const USAGE = `usage: npm run admin -- create --name NAME --role ROLE [--area CODE]
       npm run admin -- list

create  writes an account, or gives an existing one a new password, role and area. The password is asked for, or read from
        standard input; never given on the command line. --role: ${roles.join(', ')}; device = phones and trackers, which only report.
        --area: the place whose subtree the rights cover; left out = the whole centre.
Works beside a running server. The first account ends the demonstration's sign-in without a password.`;

const MIN_PASSWORD = 10;

/** @returns the exit code. @throws Error with one sentence for the person at the terminal */
export async function main(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  print: (line: string) => void,
  readPassword: () => Promise<string>,
): Promise<number> {
  const [command, ...rest] = args;
  if (command !== 'create' && command !== 'list') {
    print(USAGE);
    return command === '--help' || command === 'help' ? 0 : 2;
  }
  const options = { name: { type: 'string' }, role: { type: 'string' }, area: { type: 'string', default: '' } } as const;
  const { values } = parseArgs({ args: rest, options: command === 'create' ? options : {} });
  const wanted = command === 'create' ? readAccount(values) : null;
  const password = wanted ? await readPassword() : '';
  if (wanted && [...password].length < MIN_PASSWORD) throw new Error(`password: at least ${MIN_PASSWORD} characters`);

  const store = await openBeside(readConfig(env));
  try {
    if (wanted) {
      await store.putAccount({ ...wanted, passwordHash: await hashPassword(password) });
      print(`account ${wanted.name}: role ${wanted.role}, ${wanted.area === '' ? 'the whole centre' : `area ${wanted.area}`}`);
    } else {
      const { rows } = await store.pool.query<{ name: string; role: string; area: string }>(
        'SELECT name, role, area FROM accounts ORDER BY name',
      );
      for (const { name, role, area } of rows) print(`${name}\t${role}\t${area || 'the whole centre'}`);
      if (rows.length === 0) print('no accounts');
    }
  } finally {
    await store.close();
  }
  return 0;
}

function readAccount({ name, role, area }: { name?: string; role?: string; area?: string }) {
  if (!name || !/^[0-9A-Za-z._-]{1,40}$/.test(name)) throw new Error('--name: 1-40 letters a-z, digits or . _ -');
  if (!role || !roles.includes(role as Role)) throw new Error(`--role: one of ${roles.join(', ')}`);
  if (area && !zAreaCode.safeParse(area).success) throw new Error('--area: an area code, 2-32 letters, digits or hyphens');
  return { name, role, area: area ?? '' };
}

/** As the owner where nobody is; beside the running server otherwise. */
async function openBeside(config: ReturnType<typeof readConfig>): Promise<PgStore> {
  try {
    return await openStore(config);
  } catch (error) {
    if (!(error instanceof DataDirBusyError)) throw error;
    return openStore(config, { own: false });
  }
}

/** From a terminal without showing it, else the first line of standard input. */
function askPassword(): Promise<string> {
  const terminal = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, output: terminal ? process.stdout : undefined, terminal });
  if (terminal) {
    process.stdout.write('password: ');
    (lines as unknown as { _writeToOutput: (text: string) => void })._writeToOutput = () => {};
  }
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      if (terminal) process.stdout.write('\n');
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(''));
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await main(process.argv.slice(2), process.env, (line) => console.log(line), askPassword);
  } catch (error) {
    console.error(`genglou: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

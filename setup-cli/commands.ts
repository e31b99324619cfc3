import { parseArgs } from 'node:util';
import type { Centre } from '../model/centre.ts';
import { replayBoston } from './boston/replay.ts';
import { calendarColumns, importCalendar } from './calendar.ts';
import { codeColumns, importCategories, limitColumns } from './categories.ts';
import { type Io, openDoor } from './door.ts';
import { checkMapping } from './mapping.ts';
import { register } from './register.ts';
import { type Problem, readTableFile, TableError } from './table.ts';

export const HELP = `用法 Usage:

  npm run categories -- import FILE [--limits FILE]
      导入国标部件与事项编码为本中心类别，本中心自有类别保留；有一行不对就什么都不导入
      import the codes of GB/T 47678.5 as categories of the centre; its own stay. One wrong line, and nothing is imported.
      FILE: tab- or comma-separated with a header: kind (管理部件|管理事项), class_name, code (5 digits), name;
      optional: name_en, priority (1-4), department, group, file, dispatch, handle (e.g. 4 工作时, 1 工作日, 2 紧急工作时, 无),
      handle_from (report|dispatch). --limits: a second table of kind, code and any of the optional columns but name_en.

  npm run calendar -- import FILE [--hours 09:00-12:00,13:00-17:00] [--weekend 0,6] [--version NAME]
      导入节假日与调休；文件所含年份被替换，其他年份保留；已算出的时限不变
      import holidays and the days worked for them; the years of the file are replaced, others stay. Deadlines already counted stand.
      FILE: date (2026-10-01), kind (holiday|workday), name

  npm run register -- sensors|cameras|facilities|cares FILE [--dry]
      按表批量登记；有一行不对就什么都不登记。--dry 只检查 | register from a CSV table in UTF-8; one wrong line, and nothing is registered.
      --dry: check only. Columns: docs/operations.md

  npm run mapping -- check FILE [--topic T --message JSON]
      检查外部总线映射文件，并试一条消息；不需要运行中的中心 | check a file of mappings, and try a message, without a centre

  npm run replay:boston -- [--file CSV] [--rows N]
      用真实请求核对“按期”判定 | check the on-time verdict against a city's own, on an empty centre
      --file: default ../shared/data/boston311-2015-06.csv   --rows: only the first N requests

All: --url URL (default http://127.0.0.1:\${PORT} or 8080), --data DIR (where admin.token lies; default \${DATA_DIR} or data).
Exit code 0 = done, 1 = something is wrong and is named.`;

const options = {
  help: { type: 'boolean', short: 'h' },
  url: { type: 'string' },
  data: { type: 'string' },
  limits: { type: 'string' },
  hours: { type: 'string' },
  weekend: { type: 'string' },
  version: { type: 'string' },
  rows: { type: 'string' },
  dry: { type: 'boolean' },
  topic: { type: 'string' },
  message: { type: 'string' },
  file: { type: 'string', default: '../shared/data/boston311-2015-06.csv' },
} as const;
const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
type Flags = ReturnType<typeof parse>['values'];

/** Runs one command line; answers the exit code. Whatever goes wrong is told on `io.err`. */
export async function setupCommand(args: readonly string[], io: Io): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [command, verb, file, ...more] = positionals;
    if (values.help || !command) {
      io.out(HELP);
      return values.help ? 0 : 1;
    }
    if (command === 'replay-boston') return await replayBoston(await openDoor(values, io), values.file, io.out, rowsOf(values));
    if (command === 'register') {
      if (!verb || !file || more.length) throw new Error('register sensors|cameras|facilities FILE');
      await register(verb, file, values, io);
      return 0;
    }
    if (command === 'mapping') {
      if (verb !== 'check' || !file || more.length) throw new Error('mapping check FILE');
      await checkMapping(file, values, io);
      return 0;
    }
    if (command !== 'categories' && command !== 'calendar')
      throw new Error(`${command}: categories, calendar, register, mapping or replay-boston`);
    if (verb !== 'import' || !file || more.length) throw new Error(`${command} import FILE: give one file`);
    await (command === 'categories' ? categories(file, values, io) : calendar(file, values, io));
    return 0;
  } catch (error) {
    if (error instanceof TableError) for (const line of problemLines(error.file, error.problems)) io.err(line);
    io.err(`setup: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function rowsOf({ rows }: Flags): number | undefined {
  if (rows !== undefined && !/^[1-9]\d*$/.test(rows)) throw new Error(`--rows ${rows}: a whole number from 1`);
  return rows === undefined ? undefined : Number(rows);
}

const MOST_LINES = 50;
function problemLines(file: string, problems: readonly Problem[]): string[] {
  const lines = problems.slice(0, MOST_LINES).map((p) => `${file}:${p.line}: ${p.field}: ${p.rule}`);
  return problems.length > MOST_LINES ? [...lines, `… and ${problems.length - MOST_LINES} more`] : lines;
}

async function categories(file: string, flags: Flags, io: Io) {
  const rows = await readTableFile(file, codeColumns);
  const limits = flags.limits === undefined ? [] : await readTableFile(flags.limits, limitColumns);
  const door = await openDoor(flags, io);
  const { centre } = await door.get<{ centre: Centre }>('/api/v1/centre');
  const result = importCategories(centre, rows, limits);
  if (!('categories' in result)) {
    if (result.codes.length) throw new TableError(file, result.codes);
    throw new TableError(flags.limits!, result.limits);
  }
  await door.post('/api/v1/centre', { ...centre, categories: result.categories });
  const own = result.categories.filter((c) => !c.code.startsWith('gb-')).length;
  io.out(
    `已导入 imported: ${result.read} 个国标类别 national categories; 共 in all ${result.categories.length}, 其中自有 of its own ${own}`,
  );
}

async function calendar(file: string, flags: Flags, io: Io) {
  const rows = await readTableFile(file, calendarColumns);
  const door = await openDoor(flags, io);
  const { centre } = await door.get<{ centre: Centre }>('/api/v1/centre');
  const today = new Date(Date.now() + centre.utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
  const result = importCalendar(centre.calendar, rows, flags, today);
  if (!('calendar' in result)) throw new TableError(file, result.problems);
  await door.post('/api/v1/centre', { ...centre, calendar: result.calendar });
  const { version, holidays, workdays } = result.calendar;
  io.out(`已导入 imported: 日历 calendar ${version}, 节假日 holidays ${holidays.length}, 调休上班 days worked instead ${workdays.length}`);
}

import { parseArgs } from 'node:util';
import { VERSION } from '../config/version.ts';
import { describeProblem, MonitoringError, problem } from '../errors.ts';
import type { Command, CommandRow, ExitCode, Io, Values } from './command.ts';
import { nearest } from '../config/nearest-name.ts';
import { commandHelp, overview, PROGRAM } from './terminal/help.ts';

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly args: readonly string[];
  readonly help: boolean;
}

function usageError(got: string, help: string): MonitoringError {
  return new MonitoringError('MON_COMMAND', { got, help: `${PROGRAM} ${help}`.trim() });
}

function parse({ name }: CommandRow, { options }: Command, words: readonly string[]): Parsed {
  const known = Object.entries(options).map(([key, { type, short }]) => [
    key,
    { type, ...(short !== undefined && { short }) },
  ]);
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...Object.fromEntries(known), help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    const { help, ...given } = values as Record<string, string | boolean | undefined>;
    const switches = Object.keys(options).filter((key) => options[key]?.type === 'boolean');
    const off = Object.fromEntries(switches.map((key) => [key, false]));
    return { values: { ...off, ...given }, args: positionals, help: help === true };
  } catch (error) {
    // Node's text goes on to explain how to pass positionals that begin with a dash.
    const [first = ''] = (error as Error).message.split('. ');
    throw usageError(first.replace(/\.$/, ''), `${name} --help`);
  }
}

/** The command that the arguments start with; the longest name wins. */
function findRow(rows: readonly CommandRow[], args: readonly string[]): CommandRow | undefined {
  const fitting = rows.filter(({ name }) => name.split(' ').every((word, i) => args[i] === word));
  return fitting.toSorted((a, b) => b.name.length - a.name.length)[0];
}

/** The command that a misspelt one is nearest to: `rules chek`, or its last word alone, `statsu`. */
function meantBy(words: readonly string[], names: readonly string[]): string | undefined {
  const [first = ''] = words;
  const whole = nearest(words.slice(0, 2).join(' '), names) ?? nearest(first, names);
  if (whole !== undefined) return whole;
  const lastWords = new Map(names.map((name) => [name.split(' ').at(-1) ?? name, name]));
  return lastWords.get(nearest(first, lastWords.keys()) ?? '');
}

function unknown(rows: readonly CommandRow[], args: readonly string[]): MonitoringError {
  const words = args.filter((word) => !word.startsWith('-'));
  const names = rows.map(({ name }) => name);
  const isGroup = names.some((name) => name.startsWith(`${words[0] ?? ''} `));
  const typed = isGroup ? words.slice(0, 2).join(' ') : (words[0] ?? args[0] ?? '');
  const meant = meantBy(words, names);
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return usageError(`unknown command "${typed}"${hint}`, '--help');
}

async function dispatch(rows: readonly CommandRow[], args: readonly string[], io: Io): Promise<ExitCode> {
  const [first = '--help'] = args;
  if (first === '--version' || first === '-v') {
    io.out(`${VERSION}\n`);
    return 0;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    io.out(overview(rows));
    return 0;
  }
  const row = findRow(rows, args);
  if (row === undefined) {
    const isGroup = rows.some(({ name }) => name.startsWith(`${first} `));
    const rest = args.slice(1);
    if (isGroup && rest.every((word) => word === '--help' || word === '-h')) {
      const text = overview(rows, first);
      if (rest.length > 0) io.out(text);
      else io.err(text);
      return rest.length > 0 ? 0 : 2;
    }
    throw unknown(rows, args);
  }
  const { command } = await row.load();
  const { values, args: positionals, help } = parse(row, command, args.slice(row.name.split(' ').length));
  if (help) {
    io.out(commandHelp(row, command));
    return 0;
  }
  if (command.args === '' && positionals.length > 0) {
    throw usageError(`${row.name} takes no arguments, but got "${positionals[0]!}"`, `${row.name} --help`);
  }
  return command.run(values as Values<Command['options']>, positionals, io);
}

interface Failure {
  readonly code?: string;
  readonly message: string;
  readonly help?: string;
}

/** Why a command failed. An error without a code is a bug: its message is the stack. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof MonitoringError)) return { message: (error as Error).stack ?? String(error) };
  const { what, fix } = describeProblem(problem(error.code, error.params));
  return { code: error.code, message: what, help: fix };
}

/** Runs one command line, without the program name. Never rejects: errors are written to `io.err`. */
export async function runCli(
  rows: readonly CommandRow[],
  args: readonly string[],
  io: Io,
): Promise<ExitCode> {
  try {
    return await dispatch(rows, args, io);
  } catch (error) {
    const { code, message, help } = failureOf(error);
    io.err(`${PROGRAM}: ${message}\n${code === undefined ? '' : `  ${help} [${code}]\n`}`);
    if (args.includes('--json')) io.out(`${JSON.stringify({ error: { code, message, help }, ok: false })}\n`);
    return 2;
  }
}

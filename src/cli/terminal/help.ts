import type { Command, CommandRow, OptionRow } from '../command.ts';

/** The name under which the command is installed. */
export const PROGRAM = 'geometra-monitoring';

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

/** All commands, or those whose names begin with `group`. */
export function overview(rows: readonly CommandRow[], group?: string): string {
  const shown = group === undefined ? rows : rows.filter(({ name }) => name.startsWith(`${group} `));
  return [
    `usage: ${PROGRAM} ${group === undefined ? '' : `${group} `}<command> [options]\n\n`,
    columns(shown.map(({ name, summary }) => [name, summary])),
    `\n${PROGRAM} <command> --help says more. Exit codes: 0 all is well, 1 something is not, 2 could not do it.\n`,
  ].join('');
}

function optionName(name: string, { short, value }: OptionRow): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** The help of one command. */
export function commandHelp({ name, summary }: CommandRow, { args, about, options }: Command): string {
  const rows = Object.entries(options).map(([key, row]) => [optionName(key, row), row.description] as const);
  return [
    `usage: ${PROGRAM} ${name}${args === '' ? '' : ` ${args}`}${rows.length > 0 ? ' [options]' : ''}\n\n`,
    `${summary}\n`,
    ...about.map((line) => `${line}\n`),
    rows.length > 0 ? `\n${columns(rows)}` : '',
  ].join('');
}

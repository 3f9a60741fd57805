import type { Command, CommandRow, OptionRow } from '../command.ts';

/** The name of the installed command. */
export const PROGRAM = 'geometra-monitoring';

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

/** All commands, or those whose names start with `group`. */
export function overview(rows: readonly CommandRow[], group?: string): string {
  const shown = group === undefined ? rows : rows.filter(({ name }) => name.startsWith(`${group} `));
  return [
    `usage: ${PROGRAM} ${group === undefined ? '' : `${group} `}<command> [options]\n\n`,
    columns(shown.map(({ name, summary }) => [name, summary])),
    `\nRun '${PROGRAM} <command> --help' for details. Exit codes: 0 success, 1 problems found, 2 command failed.\n`,
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

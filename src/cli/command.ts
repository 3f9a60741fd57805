import type { ParseArgsOptionDescriptor } from 'node:util';

/** 0: success. 1: problems were found. 2: the command failed. */
export type ExitCode = 0 | 1 | 2;

/** The environment of a command. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Writes to stdout: results. */
  out(text: string): void;
  /** Writes to stderr: errors. */
  err(text: string): void;
  readonly now: () => number;
  /** Whether stdout shows colours. */
  readonly color: boolean;
}

export interface OptionRow {
  readonly type: ParseArgsOptionDescriptor['type'];
  readonly short?: string;
  /** Placeholder for the value in the help; options with `type: 'boolean'` have none. */
  readonly value?: string;
  readonly description: string;
}

export type OptionRows = Readonly<Record<string, OptionRow>>;

/** The parsed options: a string, or whether a switch is set. */
export type Values<O extends OptionRows> = {
  readonly [K in keyof O]: O[K]['type'] extends 'boolean' ? boolean : string | undefined;
};

/** One command, loaded when it runs. */
export interface Command<O extends OptionRows = OptionRows> {
  /** Arguments in the usage line: `<files…>`. */
  readonly args: string;
  /** Paragraphs of the help, one line each. */
  readonly about: readonly string[];
  readonly options: O;
  /** Throws a `MonitoringError` if it fails. */
  run(values: Values<O>, args: readonly string[], io: Io): Promise<ExitCode> | ExitCode;
}

/** One row of the table of commands. */
export interface CommandRow {
  /** The words that call it: `rules check`. */
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

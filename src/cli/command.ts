import type { ParseArgsOptionDescriptor } from 'node:util';

/** 0: all is well. 1: something was found that is not. 2: the command could not do its work. */
export type ExitCode = 0 | 1 | 2;

/** What a command sees of the world. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Writes to stdout: results. */
  out(text: string): void;
  /** Writes to stderr: what went wrong. */
  err(text: string): void;
  readonly now: () => number;
  /** Whether stdout shows colours. */
  readonly color: boolean;
}

export interface OptionRow {
  readonly type: ParseArgsOptionDescriptor['type'];
  readonly short?: string;
  /** What stands for the value in the help; options with `type: 'boolean'` have none. */
  readonly value?: string;
  readonly description: string;
}

export type OptionRows = Readonly<Record<string, OptionRow>>;

/** The options as given: a text, or whether a switch is set. */
export type Values<O extends OptionRows> = {
  readonly [K in keyof O]: O[K]['type'] extends 'boolean' ? boolean : string | undefined;
};

/** One command, loaded when it is asked for. */
export interface Command<O extends OptionRows = OptionRows> {
  /** What stands behind the name in the first line of the help: `<files…>`. */
  readonly args: string;
  /** Paragraphs of the help, one line each. */
  readonly about: readonly string[];
  readonly options: O;
  /** Throws a `MonitoringError` when it cannot do its work. */
  run(values: Values<O>, args: readonly string[], io: Io): Promise<ExitCode> | ExitCode;
}

/** One row of the table of commands. */
export interface CommandRow {
  /** The words that name it: `rules check`. */
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

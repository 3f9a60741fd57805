import { formatProblem, problem } from '../../src/errors.ts';
import type { OwnLog } from '../../src/own-log/own-log.ts';

/** The package's own log, kept in a list instead of a file. */
export interface FakeLog extends OwnLog {
  readonly lines: readonly string[];
}

export function createFakeLog(): FakeLog {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (message: string): void => {
      lines.push(`${level} ${message}`);
    };
  const warning = at('WARNING');
  return {
    lines,
    debug: at('DEBUG'),
    info: at('INFO'),
    warning,
    error: at('ERROR'),
    problem: (code, params) => warning(formatProblem(problem(code, params))),
    problems: (list) => list.forEach((found) => warning(formatProblem(found))),
  };
}

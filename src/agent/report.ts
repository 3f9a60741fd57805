import { type ProblemCode, type ProblemParams, problem } from '../errors.ts';
import { logOnce } from '../own-log/stderr.ts';

/** Reports a problem on stderr, each code once. A file of its own: the preload loads the table of errors only for this. */
export function report(code: ProblemCode, params?: ProblemParams): void {
  logOnce(problem(code, params));
}

import { writeSync } from 'node:fs';
import { formatProblem, type Problem } from '../errors.ts';

/** Codes logged by this process before it had a log, shared by all copies of the package. */
const LOGGED = Symbol.for('geometra.monitoring.logged');

/** Logs a problem to stderr while there is no log yet, each code once. Never throws. */
export function logOnce(found: Problem): void {
  const globals = globalThis as { [LOGGED]?: Set<string> };
  const logged = (globals[LOGGED] ??= new Set());
  if (logged.has(found.code)) return;
  logged.add(found.code);
  try {
    writeSync(2, `[monitoring] ${formatProblem(found)}\n`);
  } catch {
    // A closed stderr is no reason to disturb the service.
  }
}

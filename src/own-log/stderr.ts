import { writeSync } from 'node:fs';
import { formatProblem, type Problem } from '../errors.ts';

/** Codes said by this process before it had a log, whatever copy of the package said them. */
const SAID = Symbol.for('geometra.monitoring.said');

/** Says a problem on stderr while there is no log yet, each code once. Never throws. */
export function sayOnce(found: Problem): void {
  const globals = globalThis as { [SAID]?: Set<string> };
  const said = (globals[SAID] ??= new Set());
  if (said.has(found.code)) return;
  said.add(found.code);
  try {
    writeSync(2, `[monitoring] ${formatProblem(found)}\n`);
  } catch {
    // A closed stderr is no reason to disturb the service.
  }
}

import type { Problem } from '../../errors.ts';
import { describeProblem } from '../../errors.ts';

/** `error`: the rule is not loaded. `warning`: it does not do what it seems to. `note`: worth a look. */
export type Severity = 'error' | 'warning' | 'note';

/** Something that `rules check` reports. */
export interface Finding {
  /** `file:line:column`. */
  readonly where: string;
  readonly severity: Severity;
  /** The check that found it; `syntax` for what keeps a rule from being loaded. */
  readonly check: string;
  /** Name of the rule, where there is one. */
  readonly rule?: string;
  readonly message: string;
}

/** What keeps a file or rule from being loaded, as a finding. */
export function findingOf(found: Problem): Finding {
  const where = String(found.params['where'] ?? '');
  const { what } = describeProblem(found);
  const message = what.startsWith(`${where}: `) ? what.slice(where.length + 2) : what;
  return { where, severity: 'error', check: 'syntax', message };
}

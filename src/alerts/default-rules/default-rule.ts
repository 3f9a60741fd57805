import type { AlertRule } from '../rules/alert-rule.ts';

/** A rule that comes with the package; it also says what to do, since a mail is read where there is no handbook. */
export interface DefaultRule extends AlertRule {
  /** What to look at and what helps; becomes the annotation `action`. */
  readonly action: string;
}

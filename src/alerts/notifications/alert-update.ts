/** What a notification shows of the rule behind an alert. */
export interface RuleSummary {
  readonly expr: string;
  readonly forMs: number;
  /** `file:line:column`. */
  readonly where: string;
}

interface AlertBase {
  /** Equal exactly for equal label sets. */
  readonly id: string;
  /** `alertname`. */
  readonly name: string;
  /** All labels but `alertname`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
  /** Since when the condition holds, Unix milliseconds. */
  readonly activeAtMs: number;
  /** Since when the alert fires, Unix milliseconds. */
  readonly firedAtMs: number;
  /** When this was found, Unix milliseconds. */
  readonly evaluatedAtMs: number;
  readonly rule: RuleSummary;
}

/**
 * The state of an alert after an evaluation. The evaluator hands over every firing and every recently resolved alert
 * after each evaluation, not only the changes, so that nothing depends on a single message.
 */
export type AlertUpdate =
  /** A muted alert fires but nobody is notified: silenced, or inhibited by another one. */
  | (AlertBase & { readonly kind: 'firing'; readonly muted?: boolean })
  | (AlertBase & { readonly kind: 'resolved'; readonly resolvedAtMs: number });

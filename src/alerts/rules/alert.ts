import type { Labels } from '../../samples/labels.ts';

interface AlertBase {
  /** All labels, `alertname` included; their `key` identifies the alert. */
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  /** What the expression yielded last. */
  readonly value: number;
  /** Since when the condition holds, Unix milliseconds. */
  readonly activeAtMs: number;
}

/** The condition holds, but not yet as long as the rule asks. */
export interface PendingAlert extends AlertBase {
  readonly kind: 'pending';
}

export interface FiringAlert extends AlertBase {
  readonly kind: 'firing';
  readonly firedAtMs: number;
  /** Set while the alert fires only because of `keep_firing_for`: since when the condition no longer holds. */
  readonly keptSinceMs: number | undefined;
}

/** An alert that fired and no longer does; remembered for 15 minutes. */
export interface ResolvedAlert extends AlertBase {
  readonly kind: 'resolved';
  readonly firedAtMs: number;
  readonly resolvedAtMs: number;
}

/** One alert of a rule: one series of its expression over time. No entry at all is the state "inactive". */
export type Alert = PendingAlert | FiringAlert | ResolvedAlert;

/** What the expression of a rule yields for one alert at one time. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A change of an alert; `cancelled` is a pending alert whose condition went away. */
export type AlertEvent =
  | { readonly kind: 'pending'; readonly alert: PendingAlert }
  | { readonly kind: 'firing'; readonly alert: FiringAlert }
  | { readonly kind: 'resolved'; readonly alert: ResolvedAlert }
  | { readonly kind: 'cancelled'; readonly alert: PendingAlert };

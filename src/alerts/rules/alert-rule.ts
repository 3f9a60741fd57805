/** What the three kinds of alerts are about (documented categories). */
export const categories = ['system', 'security', 'performance'] as const;
export type Category = (typeof categories)[number];

/**
 * An alert rule in the documented form. `condition` is PromQL, durations are written as in Prometheus (`30s`, `5m`,
 * `1h30m`). `description` and the values of `labels` may hold Prometheus templates (`{{ $value }}`).
 */
export interface AlertRule {
  readonly name: string;
  /** PromQL; each series that it yields is one alert. */
  readonly condition: string;
  /** How long the condition has to hold before the alert fires. */
  readonly duration: string;
  readonly severity: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How long the alert keeps firing after the condition no longer holds. */
  readonly keepFiringFor?: string;
  /** Address of a page with instructions. */
  readonly runbook?: string;
  readonly category?: Category;
  /** Time between two evaluations; not given: MONITORING_RULES_INTERVAL. */
  readonly interval?: string;
}

/** A rule that comes with the package; it also names the remedy, since a mail is read where there is no handbook. */
export interface DefaultRule extends AlertRule {
  /** What to look at and what helps; becomes the annotation `action`. */
  readonly action: string;
}

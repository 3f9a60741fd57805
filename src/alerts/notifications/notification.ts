/** An alert as it is told to people (documented form). */
export interface Notification {
  readonly alert: string;
  readonly severity: string;
  readonly description: string;
  readonly timestamp: Date;
  readonly labels: Readonly<Record<string, string>>;
}

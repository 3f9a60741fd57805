/** What the command line asks of the silences of a running monitor. */
export type SilenceRequest =
  | {
      readonly do: 'add';
      /** As PromQL writes them, with braces or without. */
      readonly matchers: string;
      /** From now on. */
      readonly forMs: number;
      readonly comment: string;
      readonly createdBy: string;
    }
  | { readonly do: 'list' }
  /** `id` may be the beginning of one. */
  | { readonly do: 'remove'; readonly id: string };

/** A silence and what it does; times are Unix milliseconds. */
export interface SilenceView {
  readonly id: string;
  readonly matchers: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly comment: string;
  readonly createdBy: string;
  readonly state: 'pending' | 'active' | 'expired';
  /** The alerts that fire now and are muted by it; their labels without `alertname`. */
  readonly mutes: readonly {
    readonly alertname: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/** All silences after `list`, else the one that was added or removed; or what was wrong with the request. */
export type SilenceAnswer =
  | { readonly ok: true; readonly silences: readonly SilenceView[] }
  | { readonly ok: false; readonly where: string; readonly expected: string; readonly got: string };

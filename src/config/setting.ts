/**
 * The type of a setting: how the value of its environment variable is parsed, and which TypeScript type it has.
 */
export type SettingType =
  | { readonly kind: 'string' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'duration'; readonly minMs: number; readonly maxMs: number; readonly bare: 's' | 'ms' }
  | { readonly kind: 'bytes'; readonly min: number }
  | {
      readonly kind: 'choice';
      readonly choices: readonly string[];
      /** Other names of choices, in lower case. */
      readonly aliases?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'list' }
  | { readonly kind: 'url' }
  | { readonly kind: 'pairs' };

/** One row of the settings table, the only definition of an environment variable. */
export interface SettingRow {
  /** The environment variable. */
  readonly name: string;
  readonly type: SettingType;
  /** As written in the environment; absent means "not set". */
  readonly default?: string;
  /** Never printed; can also be read from the file that `<name>_FILE` names. */
  readonly secret?: boolean;
  readonly group: 'service' | 'metrics' | 'export' | 'logs' | 'alerts' | 'mail' | 'behaviour';
  readonly description: string;
}

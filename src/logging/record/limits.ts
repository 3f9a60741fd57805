/**
 * Bounds of one record. Loki rejects lines over 256 KiB and records with more than 128 attributes or 64 KiB of
 * them (its limits_config defaults), and a log call must not be able to fill memory or disk.
 */
export const limits = {
  bodyChars: 65_536,
  /** Extras of one record; what the package adds comes on top. */
  extras: 80,
  /** All extras of one record together, in characters of JSON. */
  extrasChars: 49_152,
  valueChars: 8192,
  stackChars: 16_384,
  keyChars: 128,
  depth: 4,
  /** Values of all extras together, those within others included. */
  values: 2000,
  /** Time for copying the extras: an accessor can take any; a busy machine is no reason to leave some out. */
  copyMs: 500,
  /** Entries of one nested object or array. */
  entries: 64,
} as const;

/** The text, cut to `max` characters with a note of how much is missing. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}… [${text.length - max} more characters]`;
}

import { entryBytes, type LokiEntry } from './entry.ts';
import type { LokiLimits } from './limits.ts';

/**
 * Why Loki refuses an entry for good (400), in the words of its metric `loki_discarded_samples_total`:
 * https://grafana.com/docs/loki/latest/operations/troubleshooting/troubleshoot-ingest/#validation-errors; those on
 * structured metadata from https://grafana.com/docs/loki/latest/configure/#limits_config.
 */
export type Invalid =
  | 'line_too_long'
  | 'missing_labels'
  | 'max_label_names_per_series'
  | 'label_name_too_long'
  | 'label_value_too_long'
  | 'structured_metadata_too_large'
  | 'structured_metadata_too_many'
  | 'greater_than_max_sample_age'
  | 'too_far_in_future'
  | 'too_far_behind';

const NS_PER_MS = 1_000_000n;

/** The first rule that an entry breaks by itself; undefined when it is fit to be taken. */
export function invalid(entry: LokiEntry, limits: LokiLimits, nowMs: number): Invalid | undefined {
  const labels = Object.entries(entry.labels);
  const metadata = Object.entries(entry.metadata);
  const atMs = Number(entry.atNs / NS_PER_MS);
  const lineBytes = Buffer.byteLength(entry.line);
  const rules: readonly (readonly [Invalid, boolean])[] = [
    ['missing_labels', labels.length === 0],
    ['max_label_names_per_series', labels.length > limits.maxLabelNames],
    ['label_name_too_long', labels.some(([name]) => Buffer.byteLength(name) > limits.maxLabelNameBytes)],
    [
      'label_value_too_long',
      labels.some(([, value]) => Buffer.byteLength(value) > limits.maxLabelValueBytes),
    ],
    ['greater_than_max_sample_age', atMs < nowMs - limits.maxAgeMs],
    ['too_far_in_future', atMs > nowMs + limits.maxFutureMs],
    ['line_too_long', lineBytes > limits.maxLineBytes && !limits.truncateLines],
    ['structured_metadata_too_large', entryBytes(entry) - lineBytes > limits.maxMetadataBytes],
    ['structured_metadata_too_many', metadata.length > limits.maxMetadataEntries],
  ];
  return rules.find(([, broken]) => broken)?.[0];
}

/** A line as it is kept: cut where it is too long and cutting is allowed. */
export function keptLine(line: string, limits: LokiLimits): string {
  const bytes = Buffer.from(line);
  return bytes.length > limits.maxLineBytes ? bytes.subarray(0, limits.maxLineBytes).toString() : line;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from '../../../../scripts/stack/programs.ts';

/**
 * What of Loki's configuration decides whether an entry is taken. Names and defaults are those of
 * https://grafana.com/docs/loki/latest/configure/#limits_config (Loki 3.7).
 */
export interface LokiLimits {
  readonly resourceLabels: ReadonlySet<string>;
  readonly logLabels: ReadonlySet<string>;
  readonly maxLineBytes: number;
  readonly truncateLines: boolean;
  readonly maxLabelNames: number;
  readonly maxLabelNameBytes: number;
  readonly maxLabelValueBytes: number;
  readonly maxMetadataBytes: number;
  readonly maxMetadataEntries: number;
  readonly maxAgeMs: number;
  readonly maxFutureMs: number;
  /** How far an entry may be behind the newest of its stream: half of `max_chunk_age`. */
  readonly windowMs: number;
  readonly ingestionBytesPerSecond: number;
  readonly ingestionBurstBytes: number;
  readonly streamBytesPerSecond: number;
  readonly streamBurstBytes: number;
}

interface AttributesConfig {
  readonly action: string;
  readonly attributes?: readonly string[];
}

interface Configuration {
  readonly ingester?: { readonly max_chunk_age?: string };
  readonly limits_config: {
    readonly max_line_size?: string;
    readonly max_line_size_truncate?: boolean;
    readonly reject_old_samples_max_age?: string;
    readonly creation_grace_period?: string;
    readonly ingestion_rate_mb?: number;
    readonly ingestion_burst_size_mb?: number;
    readonly per_stream_rate_limit?: string;
    readonly per_stream_rate_limit_burst?: string;
    readonly otlp_config?: {
      readonly resource_attributes?: {
        readonly ignore_defaults?: boolean;
        readonly attributes_config?: readonly AttributesConfig[];
      };
      readonly log_attributes?: readonly AttributesConfig[];
    };
  };
}

const MEGABYTE = 1_048_576;
const DURATION_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function durationMs(text: string): number {
  const [, amount, unit = ''] = /^(\d+)([smh])$/.exec(text) ?? [];
  return Number(amount) * (DURATION_MS[unit] ?? Number.NaN);
}

function bytes(text: string): number {
  const [, amount, unit = ''] = /^(\d+)(KB|MB)$/.exec(text) ?? [];
  return Number(amount) * ({ KB: 1024, MB: MEGABYTE }[unit] ?? Number.NaN);
}

/** Of the attributes that Loki makes labels of unless told otherwise, those that a service of ours may have. */
const DEFAULT_LABELS = [
  'service.name',
  'service.namespace',
  'service.instance.id',
  'deployment.environment.name',
];

function labelsOf(configs: readonly AttributesConfig[] = []): readonly string[] {
  return configs
    .filter(({ action }) => action === 'index_label')
    .flatMap(({ attributes = [] }) => attributes);
}

/** The limits that our collector/loki/loki.yaml sets. */
export function readLokiLimits(): LokiLimits {
  const path = join(repository, 'collector', 'loki', 'loki.yaml');
  const { ingester, limits_config: limits } = parse(readFileSync(path, 'utf8')) as Configuration;
  const { resource_attributes: ofResources, log_attributes: ofLogs } = limits.otlp_config ?? {};
  const defaults = ofResources?.ignore_defaults ? [] : DEFAULT_LABELS;
  return {
    resourceLabels: new Set([...defaults, ...labelsOf(ofResources?.attributes_config)]),
    logLabels: new Set(labelsOf(ofLogs)),
    maxLineBytes: bytes(limits.max_line_size ?? '256KB'),
    truncateLines: limits.max_line_size_truncate ?? false,
    maxLabelNames: 15,
    maxLabelNameBytes: 1024,
    maxLabelValueBytes: 2048,
    maxMetadataBytes: bytes('64KB'),
    maxMetadataEntries: 128,
    maxAgeMs: durationMs(limits.reject_old_samples_max_age ?? '168h'),
    maxFutureMs: durationMs(limits.creation_grace_period ?? '10m'),
    windowMs: durationMs(ingester?.max_chunk_age ?? '2h') / 2,
    ingestionBytesPerSecond: (limits.ingestion_rate_mb ?? 4) * MEGABYTE,
    ingestionBurstBytes: (limits.ingestion_burst_size_mb ?? 6) * MEGABYTE,
    streamBytesPerSecond: bytes(limits.per_stream_rate_limit ?? '3MB'),
    streamBurstBytes: bytes(limits.per_stream_rate_limit_burst ?? '15MB'),
  };
}

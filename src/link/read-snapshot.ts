import type { MetricIdentity, MetricKind, SeriesIdentity, Snapshot } from './snapshot.ts';
import { fields, finite, list, ShapeError, text, whole } from './shape.ts';

const MAX_TEXT = 10_000;
/** Label values of the service's own instruments can be long. */
const MAX_VALUE = 1_000_000;
const MAX_ID = 10_000_000;
const MAX_BOUNDARIES = 10_000;
const MAX_MS = 8.64e15;
const KINDS: ReadonlySet<unknown> = new Set<MetricKind>(['counter', 'updown', 'gauge', 'histogram']);

function readBoundaries(value: unknown): readonly number[] {
  const bounds = list(value, 'boundaries');
  const isAscending = bounds.every(
    (bound, at) =>
      typeof bound === 'number' && !Number.isNaN(bound) && (at === 0 || bound > (bounds[at - 1] as number)),
  );
  if (!isAscending || bounds.length > MAX_BOUNDARIES) throw new ShapeError('boundaries');
  return bounds as readonly number[];
}

function readMetric(value: unknown): MetricIdentity {
  const given = fields(value, 'metric');
  if (!KINDS.has(given['kind'])) throw new ShapeError('kind of a metric');
  const kind = given['kind'] as MetricKind;
  return {
    id: whole(given['id'], 0, MAX_ID, 'id of a metric'),
    name: text(given['name'], MAX_TEXT, 'name of a metric'),
    help: text(given['help'], MAX_TEXT, 'help of a metric'),
    unit: text(given['unit'], MAX_TEXT, 'unit of a metric'),
    kind,
    ...(kind === 'histogram' && { boundaries: readBoundaries(given['boundaries']) }),
    scope: text(given['scope'], MAX_TEXT, 'scope of a metric'),
  };
}

function readSeries(value: unknown): SeriesIdentity {
  const given = fields(value, 'series');
  const labels = fields(given['labels'], 'labels');
  for (const [name, label] of Object.entries(labels)) {
    text(name, MAX_TEXT, 'name of a label');
    text(label, MAX_VALUE, 'value of a label');
  }
  return {
    id: whole(given['id'], 0, MAX_ID, 'id of a series'),
    metric: whole(given['metric'], 0, MAX_ID, 'metric of a series'),
    labels: labels as Readonly<Record<string, string>>,
  };
}

/** A snapshot with each field checked; whether its numbers fit its series is for `ProcessTotals`. Throws a `ShapeError`. */
export function readSnapshot(value: unknown): Snapshot {
  const given = fields(value, 'snapshot');
  const { values } = given;
  if (!(values instanceof Float64Array)) throw new ShapeError('values');
  return {
    atMs: finite(given['atMs'], 0, MAX_MS, 'atMs'),
    newMetrics: list(given['newMetrics'], 'newMetrics').map(readMetric),
    newSeries: list(given['newSeries'], 'newSeries').map(readSeries),
    values,
  };
}

// Evaluates the rules of the bench over its series for an hour of the past, then a number of times on the clock.
import { setTimeout as delay } from 'node:timers/promises';
import { ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { createEvaluator } from '../../../src/alerts/evaluation/evaluator.ts';
import { createNotifierOf } from '../../../src/alerts/notifications/notifier.ts';
import { defaultPolicy } from '../../../src/alerts/notifications/dispatch/notify-policy.ts';
import { readRuleFile } from '../../../src/alerts/rules/files/read-rule-file.ts';
import { SampleStore } from '../../../src/samples/sample-store.ts';
import type { OwnLog } from '../../../src/own-log/own-log.ts';
import { endOf, ruleFile, SERIES, type Series, SPAN_MS, STEP_MS, workload } from '../rules-workload.ts';

const { BENCH_WARM_UP = '', BENCH_EVALUATIONS = '', BENCH_INTERVAL_MS = '' } = process.env;
// Nothing that is measured outlives the bench.
process.once('disconnect', () => process.exit());

const silent = (): void => undefined;
const ownLog: OwnLog = {
  debug: silent,
  info: silent,
  warning: silent,
  error: silent,
  problem(code, params) {
    throw new Error(`${code} ${JSON.stringify(params)}`);
  },
  problems: silent,
};

type Point = MetricData & { dataPointType: typeof DataPointType.GAUGE };

/** The series as metrics of a reader; the objects stay the same from one collection to the next, as those of the link do. */
class Collection {
  readonly metrics: ResourceMetrics;
  readonly #points: { readonly series: Series; readonly point: { value: number } }[] = [];

  constructor(all: readonly Series[]) {
    const byName = Map.groupBy(all, ({ name }) => name);
    const metrics = [...byName].map(([name, some]): Point => ({
      descriptor: {
        name,
        description: '',
        unit: '',
        valueType: ValueType.DOUBLE,
        advice: {},
      } as Point['descriptor'],
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.GAUGE,
      dataPoints: some.map((series) => {
        const point = { attributes: series.labels, value: 0, startTime: [0, 0], endTime: [0, 0] };
        this.#points.push({ series, point });
        return point as Point['dataPoints'][number];
      }),
    }));
    this.metrics = {
      resource: resourceFromAttributes({}),
      scopeMetrics: [{ scope: { name: 'bench' }, metrics }],
    };
  }

  at(timeMs: number): ResourceMetrics {
    for (const { series, point } of this.#points) point.value = series.at(timeMs);
    return this.metrics;
  }
}

/** What is in use once all garbage is gone: buffers are freed after the collection that finds them. */
async function heapBytes(): Promise<number> {
  for (let n = 0; n < 4; n++) {
    globalThis.gc?.();
    await delay(50);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const endMs = endOf(Date.now());
const beginMs = endMs - SPAN_MS;
const series = workload(beginMs);
const collection = new Collection(series);
const { groups, problems } = readRuleFile('rules.yml', ruleFile());
if (problems.length > 0) throw new Error(JSON.stringify(problems));
const before = await heapBytes();

let clockMs = beginMs;
const now = (): number => clockMs;
/** CPU of the process, µs, whenever the evaluator looks at the clock: first and last are the ends of the group. */
let looks: number[] = [];
const evaluator = createEvaluator({
  groups,
  store: new SampleStore(),
  collect: () => Promise.resolve(collection.at(clockMs)),
  notifier: createNotifierOf({ channels: [], policy: defaultPolicy, ownLog, now }),
  ownLog,
  intervalMs: STEP_MS,
  maxRangeMs: 6 * 3_600_000,
  now,
  monotonicMs() {
    const { user, system } = process.cpuUsage();
    looks.push(user + system);
    return performance.now();
  },
});

async function evaluate(): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  looks = [];
  await evaluator.runOnce(clockMs);
  const ms = evaluator.status().groups[0]?.lastDurationMs ?? Number.NaN;
  return { ms, cpuMs: ((looks.at(-1) ?? 0) - (looks[0] ?? 0)) / 1000 };
}

const firstMs = (await evaluate()).ms;
while (clockMs < endMs) {
  clockMs += STEP_MS;
  await evaluate();
}
const { samples, bytes } = evaluator.status().store;
const memory = (await heapBytes()) - before;

const evaluations = Number(BENCH_EVALUATIONS);
let ms = 0;
let cpuMs = 0;
for (let n = -Number(BENCH_WARM_UP); n < evaluations; n++) {
  clockMs += STEP_MS;
  const took = await evaluate();
  if (n >= 0) {
    ms += took.ms;
    cpuMs += took.cpuMs;
  }
  await delay(Number(BENCH_INTERVAL_MS));
}
const failed = evaluator
  .status()
  .groups.flatMap(({ rules }) => rules)
  .find(({ error }) => error !== undefined);
if (failed) throw new Error(`${failed.name}: ${failed.error}`);
process.send?.({
  measures: {
    ms: ms / evaluations,
    cpuMs: cpuMs / evaluations,
    firstMs,
    alerts: evaluator.alertSeries().length,
    kibPerSeries: memory / SERIES / 1024,
    bytesPerSample: bytes / samples,
  },
});

// Our rule evaluator beside the real Prometheus: the same exported rules over the same scraped series, step by step.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { repository } from '../../scripts/stack/programs.ts';
import { createEvaluator } from '../../src/alerts/evaluation/evaluator.ts';
import { createNotifierOf } from '../../src/alerts/notifications/notifier.ts';
import { defaultPolicy } from '../../src/alerts/notifications/dispatch/notify-policy.ts';
import { evaluateInstant, parse } from '../../src/promql/index.ts';
import { readRuleFile } from '../../src/alerts/rules/files/read-rule-file.ts';
import type { RuleGroup } from '../../src/alerts/rules/rule.ts';
import { Labels } from '../../src/samples/labels.ts';
import { SampleStore } from '../../src/samples/sample-store.ts';
import { createFakeLog } from '../helpers/fake-log.ts';
import { createMetrics } from '../helpers/alerts/metrics.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { queryPrometheus, rawSamples, type RawSeries } from '../helpers/stack/prometheus.ts';
import { scriptedPage } from '../helpers/stack/scripted-page.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';

const INTERVAL_MS = 2000;
/** Prometheus evaluates this much in the past, so that every scrape that it looks at has been written. */
const OFFSET_MS = 2000;
const SCRIPT_SECONDS = 62;

/** In the documented format. The first rule says when the group was evaluated. */
const RULES = `rules:
  - {name: Always, condition: vector(1), duration: 0s, severity: none}
  - name: Hot
    condition: temperature > 30
    duration: 4s
    severity: warning
    labels: {level: '{{ if gt $value 38.0 }}high{{ else }}raised{{ end }}'}
  - {name: AnyHot, condition: temperature > 30, duration: 0s, severity: warning, labels: {room: ''}}
  - {name: Errors, condition: 'rate(errors_total[10s]) > 0.5', duration: 0s, keepFiringFor: 6s, severity: critical}
  - {name: NoHeartbeat, condition: 'absent(heartbeat{job="script"})', duration: 4s, severity: critical}
  - {name: TargetDown, condition: 'up == 0', duration: 2s, severity: critical}
  - {name: Swings, condition: 'max_over_time(temperature[6s]) - min_over_time(temperature[6s]) > 10', duration: 0s, severity: info}
`;

/** In the format of Prometheus: a rule that looks at the results of another. */
const RECORDED = `groups:
  - name: recorded
    rules:
      - {record: 'room:temperature:avg6s', expr: 'avg by (room) (avg_over_time(temperature[6s]))'}
      - {alert: Always, expr: vector(1)}
      - {alert: WarmRoom, expr: 'room:temperature:avg6s > 28', for: 2s, keep_firing_for: 4s, labels: {severity: warning}}
`;

const within = (second: number, from: number, to: number): boolean => second >= from && second < to;

/** Heat, a series that goes away, a counter that begins anew, a missing heartbeat, a target that is down. */
function script(second: number): readonly string[] | undefined {
  if (within(second, 46, 54)) return undefined;
  const a = within(second, 8, 24) || within(second, 30, 32) || second >= 42 ? 35 : 20;
  const b = within(second, 20, 26) ? 40 : 20;
  const errors = Math.min(10, Math.max(0, second - 10));
  return [
    `temperature{room="a"} ${a}`,
    ...(within(second, 12, 16) ? [] : [`temperature{room="b"} ${b}`]),
    `errors_total ${Math.floor(second < 16 ? 100 + errors : errors - 6)}`,
    ...(within(second, 26, 36) ? [] : ['heartbeat 1']),
  ];
}

const isAlways = ({ metric }: RawSeries): boolean => metric['alertname'] === 'Always';
const named = (metric: RawSeries['metric']): string => Labels.from(metric).toString();

/** The times of the evaluations, from the first at which nothing but `Always` fired. */
function quietOn(alerts: readonly RawSeries[]): readonly number[] {
  const evaluations = alerts.find(isAlways)?.points.map(([timeMs]) => timeMs) ?? [];
  const others = alerts.filter((series) => !isAlways(series)).flatMap(({ points }) => points);
  const busy = new Set(others.map(([timeMs]) => timeMs));
  return evaluations.slice(evaluations.findIndex((timeMs) => !busy.has(timeMs)));
}

/** Each series with the times at which it has samples, from a time on. */
function timesOf(series: readonly RawSeries[], fromMs: number): ReadonlyMap<string, readonly number[]> {
  return new Map(
    series.map(({ metric, points }) => [
      named(metric),
      points.map(([timeMs]) => timeMs).filter((timeMs) => timeMs >= fromMs),
    ]),
  );
}

interface Scrape {
  readonly timeMs: number;
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
}

/** What Prometheus scraped, scrape by scrape: all samples of one have one time, and `up` is among them. */
function scrapesOf(series: readonly RawSeries[]): readonly Scrape[] {
  const byTime = new Map<number, { labels: Labels; value: number }[]>();
  for (const { metric, points } of series) {
    const labels = Labels.from(metric);
    for (const [timeMs, value] of points) {
      const samples = byTime.get(timeMs) ?? [];
      byTime.set(timeMs, samples);
      samples.push({ labels, value });
    }
  }
  return [...byTime].map(([timeMs, samples]) => ({ timeMs, samples })).sort((a, b) => a.timeMs - b.timeMs);
}

/** The series `ALERTS` of our evaluator when it has what Prometheus scraped and evaluates at the times at which Prometheus did. */
async function replay(
  groups: readonly RuleGroup[],
  scrapes: readonly Scrape[],
  evaluations: readonly number[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  // Ours evaluates at whole multiples of the interval, Prometheus shifts each group by a time of its own.
  const shiftMs = evaluations[0]! % INTERVAL_MS;
  let clockMs = 0;
  const now = (): number => clockMs;
  const store = new SampleStore();
  const ownLog = createFakeLog();
  const metrics = createMetrics();
  const evaluator = createEvaluator({
    groups,
    store,
    collect: () => metrics.collect(),
    notifier: createNotifierOf({ channels: [], policy: defaultPolicy, ownLog, now }),
    ownLog,
    intervalMs: INTERVAL_MS,
    maxRangeMs: 3_600_000,
    useStartTimestamps: false,
    now,
  });
  let next = 0;
  for (const evaluationMs of evaluations) {
    for (let scrape = scrapes[next]; scrape && scrape.timeMs <= evaluationMs; scrape = scrapes[++next]) {
      const timeMs = scrape.timeMs - shiftMs;
      for (const { labels, value } of scrape.samples) store.append(labels, timeMs, value, 0, 'script');
      store.endScrape('script', timeMs);
    }
    clockMs = evaluationMs - shiftMs;
    await evaluator.runOnce(clockMs);
  }
  evaluator.stop();
  const { value } = evaluateInstant(parse('ALERTS[1h]'), store, clockMs);
  assert.equal(value.kind, 'matrix');
  return new Map(
    value.series.map(({ labels, points }) => [
      labels.toString(),
      points.map(({ timeMs }) => timeMs + shiftMs),
    ]),
  );
}

/** When alerts fired and were resolved: `Hot{…} firing 3..8` counts evaluations from the first. */
function episodes(
  times: ReadonlyMap<string, readonly number[]>,
  evaluations: readonly number[],
): readonly string[] {
  const steps = new Map(evaluations.map((timeMs, step) => [timeMs, step]));
  const found: string[] = [];
  for (const [series, at] of times) {
    const numbers = at.map((timeMs) => steps.get(timeMs) ?? Number.NaN);
    for (let from = 0, i = 1; i <= numbers.length; i++) {
      if (numbers[i] === numbers[i - 1]! + 1) continue;
      found.push(`${series} ${numbers[from]}..${numbers[i - 1]}`);
      from = i;
    }
  }
  return found.sort();
}

test(
  'the same rules over the same series have the same pending and firing alerts at every evaluation as in Prometheus',
  { skip: unlessBuilt(['prometheus']) },
  async (context) => {
    const folder = temporaryFolder(context);
    const files = { 'rules.yml': RULES, 'recorded.yml': RECORDED };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text);
      const command = [join(repository, 'dist', 'cli.mjs'), 'rules', 'export', join(folder, name)];
      writeFileSync(join(folder, `exported-${name}`), execFileSync(process.execPath, command));
    }
    const page = await scriptedPage(context, script);
    const configuration = JSON.stringify({
      global: {
        scrape_interval: '1s',
        scrape_timeout: '1s',
        evaluation_interval: `${INTERVAL_MS}ms`,
        rule_query_offset: `${OFFSET_MS}ms`,
      },
      rule_files: [join(folder, 'exported-*.yml')],
      scrape_configs: [{ job_name: 'script', static_configs: [{ targets: [page.address] }] }],
    });
    const stack = await startTestStack(context, ['prometheus'], {
      edit: (path, text) => (path.endsWith('/prometheus.yml') ? configuration : text),
    });
    const url = stack.url('prometheus', 9090);
    // It writes alerts only once it has restored those of an earlier run; before its first scrape a series is absent.
    await eventually(async () => {
      const alerts = await queryPrometheus(url, 'ALERTS');
      assert.deepEqual(
        alerts.map(({ metric }) => metric['alertname']),
        ['Always', 'Always'],
      );
    }, 60_000);
    page.begin();
    await delay(SCRIPT_SECONDS * 1000 + OFFSET_MS);

    const theirs = await rawSamples(url, 'ALERTS[1h]');
    const scrapes = scrapesOf(await rawSamples(url, '{job="script",alertname=""}[1h]'));
    for (const [name, text] of Object.entries(files)) {
      const { groups, problems } = readRuleFile(name, text);
      assert.deepEqual(problems, []);
      const rules = new Set(groups.flatMap((group) => group.rules.map((rule) => rule.name)));
      // The two groups have one rule of the same name, told apart by its labels.
      const severity = name === 'rules.yml' ? 'none' : undefined;
      const ofGroup = theirs.filter(
        (series) =>
          rules.has(series.metric['alertname'] ?? '') &&
          (!isAlways(series) || series.metric['severity'] === severity),
      );
      const evaluations = quietOn(ofGroup);
      assert.ok(evaluations.length >= SCRIPT_SECONDS / 2 - 2, `${evaluations.length} evaluations of ${name}`);
      const ours = await replay(groups, scrapes, evaluations);
      const ofPrometheus = timesOf(ofGroup, evaluations[0] ?? 0);
      assert.deepEqual(episodes(ours, evaluations), episodes(ofPrometheus, evaluations), name);
      const ended = new Map<string, number>();
      for (const { metric, points } of ofGroup) {
        if (metric['alertstate'] !== 'firing' || points.at(-1)![0] === evaluations.at(-1)) continue;
        ended.set(metric['alertname'] ?? '', (ended.get(metric['alertname'] ?? '') ?? 0) + 1);
      }
      const fired =
        name === 'rules.yml' ? ['Errors', 'Hot', 'NoHeartbeat', 'Swings', 'TargetDown'] : ['WarmRoom'];
      assert.deepEqual(
        fired.filter((rule) => !ended.has(rule)),
        [],
        'these did not fire and end',
      );
      context.diagnostic(
        `${name}: ${evaluations.length} evaluations\n${episodes(ours, evaluations).join('\n')}`,
      );
    }
  },
);

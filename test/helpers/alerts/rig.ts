import type { Counter, Gauge, HrTime } from '@opentelemetry/api';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import {
  createEvaluator,
  type Evaluator,
  type EvaluatorOptions,
} from '../../../src/alerts/evaluation/evaluator.ts';
import type { Channel } from '../../../src/alerts/notifications/channel.ts';
import type { NotificationMessage } from '../../../src/alerts/notifications/notification-message.ts';
import { createNotifierOf, type Notifier } from '../../../src/alerts/notifications/notifier.ts';
import {
  defaultPolicy,
  type NotifyPolicy,
} from '../../../src/alerts/notifications/dispatch/notify-policy.ts';
import { readRuleFile } from '../../../src/alerts/rules/files/read-rule-file.ts';
import type { RuleGroup } from '../../../src/alerts/rules/rule.ts';
import { SampleStore } from '../../../src/samples/sample-store.ts';
import type { StateFile } from '../../../src/alerts/state/state-file.ts';
import { createFakeLog, type FakeLog } from '../fake-log.ts';
import { createMetrics, type TestMetrics } from './metrics.ts';

/** A state file in memory that remembers what was set aside. */
export class MemoryStateFile implements StateFile {
  readonly path = 'state.json';
  text: string | undefined;
  aside: string | undefined;
  saves = 0;

  load(): string | undefined {
    return this.text;
  }

  save(text: string): void {
    this.text = text;
    this.saves++;
  }

  setAside(): string {
    this.aside = this.text;
    this.text = undefined;
    return 'state.json.unusable';
  }
}

/** A channel that keeps what it is given. */
export class ListChannel implements Channel {
  readonly name = 'list';
  readonly title = 'list';
  readonly messages: NotificationMessage[] = [];

  send(message: NotificationMessage): Promise<{ notes: readonly string[] }> {
    this.messages.push(message);
    return Promise.resolve({ notes: [] });
  }

  close(): void {}

  /** What arrived, as `firing names | resolved names`. */
  get sent(): readonly string[] {
    const names = (list: NotificationMessage['firing']): string => list.map(({ name }) => name).join(' ');
    return this.messages.map(({ firing, resolved }) => `${names(firing)} | ${names(resolved)}`.trim());
  }
}

export interface RigOptions {
  /** A rule file. */
  readonly rules?: string;
  readonly groups?: readonly RuleGroup[];
  readonly intervalMs?: number;
  readonly policy?: Partial<NotifyPolicy>;
  readonly channel?: Channel;
  readonly stateFile?: StateFile;
  readonly metrics?: TestMetrics;
  /** Seconds on the clock at the beginning. */
  readonly second?: number;
  readonly overrides?: Partial<EvaluatorOptions>;
}

/** A whole evaluator on a clock that the test sets: a real meter provider and reader, a real store, a real notifier. */
export class Rig {
  static readonly beginMs: number = Date.UTC(2026, 10, 24, 6);

  readonly log: FakeLog = createFakeLog();
  readonly store = new SampleStore();
  readonly metrics: TestMetrics;
  readonly list = new ListChannel();
  readonly notifier: Notifier;
  readonly evaluator: Evaluator;
  second: number;
  readonly #starts = new Map<string, number>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #counters = new Map<string, Counter>();

  constructor(options: RigOptions) {
    this.second = options.second ?? 0;
    this.metrics = options.metrics ?? createMetrics();
    const now = (): number => this.nowMs;
    this.notifier = createNotifierOf({
      channels: [options.channel ?? this.list],
      policy: { ...defaultPolicy, groupWaitMs: 0, groupIntervalMs: 0, ...options.policy },
      ownLog: this.log,
      now,
    });
    const { groups, problems } = readRuleFile('rules.yml', options.rules ?? '');
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    this.evaluator = createEvaluator({
      groups: options.groups ?? groups,
      store: this.store,
      collect: () => this.#collect(),
      notifier: this.notifier,
      ownLog: this.log,
      intervalMs: options.intervalMs ?? 15_000,
      maxRangeMs: 21_600_000,
      stateFile: options.stateFile,
      now,
      monotonicMs: now,
      ...options.overrides,
    });
  }

  get nowMs(): number {
    return Rig.beginMs + this.second * 1000;
  }

  gauge(name: string, value: number, labels: Record<string, string> = {}): this {
    let gauge = this.#gauges.get(name);
    if (gauge === undefined) {
      gauge = this.metrics.meter.createGauge(name);
      this.#gauges.set(name, gauge);
    }
    gauge.record(value, labels);
    return this;
  }

  count(name: string, value = 1, labels: Record<string, string> = {}): this {
    let counter = this.#counters.get(name);
    if (counter === undefined) {
      counter = this.metrics.meter.createCounter(name);
      this.#counters.set(name, counter);
    }
    counter.add(value, labels);
    return this;
  }

  /** OpenTelemetry stamps the start of each series with the machine's clock; here it is that of the test. */
  async #collect(): Promise<ResourceMetrics> {
    const metrics = await this.metrics.collect();
    for (const { dataPoints } of metrics.scopeMetrics.flatMap((scope) => scope.metrics)) {
      for (const point of dataPoints) {
        const key = point.startTime.join('.');
        const startMs = this.#starts.get(key) ?? this.nowMs - 1;
        this.#starts.set(key, startMs);
        (point as { startTime: HrTime }).startTime = [Math.floor(startMs / 1000), (startMs % 1000) * 1e6];
      }
    }
    return metrics;
  }

  /** Evaluates at this second and waits for what is sent. */
  async at(second: number): Promise<this> {
    this.second = second;
    await this.evaluator.runOnce(this.nowMs);
    await this.notifier.settled();
    return this;
  }

  /** Evaluates every `stepSeconds` up to and including this second. */
  async until(second: number, stepSeconds = 15): Promise<this> {
    while (this.second + stepSeconds <= second) await this.at(this.second + stepSeconds);
    return this;
  }

  /** The states of all alerts, as `name state`. */
  get alerts(): readonly string[] {
    return this.evaluator
      .status()
      .groups.flatMap(({ rules }) => rules)
      .flatMap(({ name, alerts }) => alerts.map(({ state }) => `${name} ${state}`));
  }
}

import { functionTable } from '../../../src/promql/functions/table.ts';
import type { Random } from './random.ts';

const METRICS = [
  'requests_total',
  'temperature',
  'queue',
  'latency_seconds_count',
  'build',
  'latency_seconds_sum',
];
const MATCHERS = [
  '',
  '',
  '{job="api"}',
  '{instance=~"a|b"}',
  '{job!="web",instance!~"c.*"}',
  '{zone=""}',
  '{job=~".+"}',
];
const LABELS = ['job', 'instance', 'code', 'zone', 'version', 'nothing'];
const RANGES = ['1m', '90s', '5m', '10m', '47s', '2m30s', '17m', '1m * 2', '1h / 6'];
const GROUPED = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'];
const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'];
const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='];
const SETS = ['and', 'or', 'unless'];

/** What depends on the machine for numbers that are no time, or on the order of equal values. */
const CALENDAR = /^(?:minute|hour|day_of_|days_in|month|year)/;
/** Their results are far apart for arguments that differ in the last bit, when those are large. */
const PERIODIC = new Set(['sin', 'cos', 'tan']);
/** Written out below, or not there in Prometheus in this form. */
const SPECIAL = new Set([
  'absent',
  'absent_over_time',
  'clamp',
  'double_exponential_smoothing',
  'end',
  'histogram_avg',
  'histogram_count',
  'histogram_fraction',
  'histogram_quantile',
  'histogram_quantiles',
  'histogram_stddev',
  'histogram_stdvar',
  'histogram_sum',
  'label_join',
  'label_replace',
  'max_of',
  'min_of',
  'pi',
  'predict_linear',
  'quantile_over_time',
  'range',
  'scalar',
  'sort',
  'sort_by_label',
  'sort_by_label_desc',
  'sort_desc',
  'start',
  'start_timestamp',
  'step',
  'time',
  'vector',
]);

const rows = [...functionTable.values()].filter(({ name }) => !SPECIAL.has(name));
const RANGE_FUNCTIONS = rows
  .filter(({ args }) => args.length === 1 && args[0] === 'matrix')
  .map(({ name }) => name);
const SAMPLE_FUNCTIONS = rows.filter(({ args }) => args[0] === 'vector').map(({ name }) => name);

/** Random well-typed expressions over the generated series. Lists are gone through in turn, so that all of them occur. */
export class Expressions {
  readonly #random: Random;
  readonly #turns = new Map<readonly string[], number>();

  constructor(random: Random) {
    this.#random = random;
  }

  next(): string {
    return this.#random.chance(0.05) ? this.#scalar(3) : this.#vector(1 + this.#random.below(4));
  }

  /** The next entry of a list, in turn. */
  #turn(list: readonly string[]): string {
    const turn = this.#turns.get(list) ?? 0;
    this.#turns.set(list, turn + 1);
    return list[turn % list.length]!;
  }

  #modifiers(): string {
    const offset = this.#random.chance(0.12)
      ? ` offset ${this.#random.pick(['1m', '-1m', '37s', '5m'])}`
      : '';
    const at = this.#random.chance(0.06) ? ` @ ${this.#random.pick(['start()', 'end()', '1767572400'])}` : '';
    return offset + at;
  }

  #selector(): string {
    return this.#random.pick(METRICS) + this.#random.pick(MATCHERS);
  }

  #labels(): string {
    const picked = new Set(Array.from({ length: this.#random.below(3) }, () => this.#random.pick(LABELS)));
    return [...picked].join(', ');
  }

  #range(depth: number): string {
    if (depth > 0 && this.#random.chance(0.2)) {
      const step = this.#random.pick(['', '1m', '30s', '45s']);
      return `${this.#vector(depth - 1)}[${this.#random.pick(['5m', '10m', '3m'])}:${step}]${this.#modifiers()}`;
    }
    return `${this.#selector()}[${this.#random.pick(RANGES)}]${this.#modifiers()}`;
  }

  #scalar(depth: number): string {
    const kind = this.#random.next();
    if (depth <= 0 || kind < 0.5) {
      return this.#random.pick([
        '0',
        '1',
        '2',
        '0.5',
        '-1',
        '1e3',
        'NaN',
        'Inf',
        '100',
        '5m',
        'time()',
        'pi()',
        '0x10',
      ]);
    }
    if (kind < 0.65) return `scalar(${this.#vector(depth - 1)})`;
    if (kind < 0.75)
      return `${this.#random.pick(['min_of', 'max_of'])}(${this.#scalar(0)}, ${this.#scalar(0)})`;
    const [left, right] = [this.#scalar(depth - 1), this.#scalar(depth - 1)];
    if (kind < 0.85) return `(${left} ${this.#turn(COMPARISONS)} bool ${right})`;
    return `(${left} ${this.#random.pick(['+', '-', '*', '/'])} ${right})`;
  }

  #vector(depth: number): string {
    const kind = this.#random.next();
    if (depth <= 0 || kind < 0.1) return this.#selector() + this.#modifiers();
    if (kind < 0.32) return this.#rangeFunction(depth);
    if (kind < 0.44) return this.#sampleFunction(depth);
    if (kind < 0.52) return this.#special(depth);
    if (kind < 0.57) return this.#histogram(depth);
    if (kind < 0.74) return this.#aggregate(depth);
    if (kind < 0.78) return `(-${this.#vector(depth - 1)})`;
    return kind < 0.87 ? this.#withScalar(depth) : this.#withVector(depth);
  }

  #rangeFunction(depth: number): string {
    const name = this.#turn(RANGE_FUNCTIONS);
    const extension = /^(?:rate|increase|delta)$/.test(name) && this.#random.chance(0.2);
    if (!extension) return `${name}(${this.#range(depth - 1)})`;
    const word = this.#random.pick(['anchored', 'smoothed']);
    return `${name}(${this.#selector()}[${this.#random.pick(RANGES)}] ${word})`;
  }

  #sampleFunction(depth: number): string {
    const name = this.#turn(SAMPLE_FUNCTIONS);
    if (CALENDAR.test(name))
      return `${name}(${this.#random.pick(['timestamp(queue)', '', 'vector(time() * 3)'])})`;
    if (PERIODIC.has(name))
      return `${name}(${this.#random.pick(['queue', 'build', 'rate(latency_seconds_sum[5m])'])})`;
    if (name === 'round')
      return `round(${this.#vector(depth - 1)}, ${this.#random.pick(['1', '0.5', '10'])})`;
    if (name.startsWith('clamp_')) return `${name}(${this.#vector(depth - 1)}, ${this.#scalar(1)})`;
    return `${name}(${this.#vector(depth - 1)})`;
  }

  static readonly #specials = [
    'clamp(%v, 0, 50)',
    'absent(nothing{job="api"})',
    'absent_over_time(nothing{job="api",code=~"a"}[5m])',
    'vector(%s)',
    'predict_linear(%r, 60)',
    'quantile_over_time(0.7, %r)',
    'double_exponential_smoothing(%r, 0.3, 0.7)',
    'label_replace(%v, "x", "$1-${y}", "instance", "(?P<y>.)(.*)|")',
    'label_replace(%v, "job", "$2", "job", "(a)?(.*)")',
    'label_join(%v, "x", "-", "job", "instance")',
    'sort_by_label(%v, "instance")',
    'vector(start() + end() + step() + range())',
    '(histogram_count(%v) or build)',
    'timestamp(%v)',
  ];

  #special(depth: number): string {
    return this.#turn(Expressions.#specials).replaceAll(/%([vsr])/g, (_whole, kind: string) => {
      if (kind === 'v') return this.#vector(depth - 1);
      return kind === 's' ? this.#scalar(depth - 1) : this.#range(depth - 1);
    });
  }

  #histogram(depth: number): string {
    const rate = `rate(latency_seconds_bucket[${this.#random.pick(RANGES)}])`;
    const buckets = this.#random.pick([
      rate,
      `sum by (le, job) (${rate})`,
      'latency_seconds_bucket',
      this.#vector(depth - 1),
    ]);
    if (this.#random.chance(0.3)) {
      return `histogram_fraction(${this.#random.pick(['0', '0.2', '-Inf'])}, 0.7, ${buckets})`;
    }
    if (this.#random.chance(0.2)) return `histogram_quantiles(${buckets}, "q", 0.5, 0.9)`;
    return `histogram_quantile(${this.#random.pick(['0.9', '0.5', '1.5', '0', '1'])}, ${buckets})`;
  }

  #aggregate(depth: number): string {
    const group = this.#random.chance(0.35)
      ? ''
      : ` ${this.#random.pick(['by', 'without'])} (${this.#labels()}) `;
    const kind = this.#random.next();
    if (kind < 0.75) return `${this.#turn(GROUPED)}${group}(${this.#vector(depth - 1)})`;
    // Of equal values either may be chosen, so these have none.
    if (kind < 0.85)
      return `${this.#random.pick(['topk', 'bottomk'])}${group}(${1 + this.#random.below(5)}, avg_over_time(queue[5m]))`;
    if (kind < 0.95)
      return `quantile${group}(${this.#random.pick(['0.5', '0.9', '0', '1', '1.2', '-1', 'NaN'])}, ${this.#vector(depth - 1)})`;
    return `count_values${group}("v", round(${this.#selector()}))`;
  }

  #withScalar(depth: number): string {
    const isFilter = this.#random.chance(0.4);
    const bool = isFilter && this.#random.chance(0.4) ? ' bool' : '';
    const op = this.#turn(isFilter ? COMPARISONS : ARITHMETIC) + bool;
    // A remainder is far apart for arguments that differ in the last bit, so it gets plain ones.
    const isRemainder = op === '%';
    const [vector, scalar] = isRemainder
      ? [this.#selector(), '7']
      : [this.#vector(depth - 1), this.#scalar(depth - 1)];
    return this.#random.chance(0.5) ? `(${vector} ${op} ${scalar})` : `(${scalar} ${op} ${vector})`;
  }

  #withVector(depth: number): string {
    const left = this.#vector(depth - 1);
    const right = this.#random.chance(0.6) ? left : this.#vector(depth - 1);
    const labels = this.#labels();
    const matching = this.#random.chance(0.5) ? '' : ` ${this.#random.pick(['on', 'ignoring'])} (${labels})`;
    if (this.#random.chance(0.3)) return `(${left} ${this.#turn(SETS)}${matching} ${right})`;
    const grouped = matching !== '' && this.#random.chance(0.5);
    const free = ['version', 'zone', 'code'].filter((label) => !labels.includes(label));
    const include = this.#random.chance(0.6) ? '' : this.#random.pick(free);
    const group = grouped ? ` ${this.#random.pick(['group_left', 'group_right'])} (${include})` : '';
    const op = this.#turn(this.#random.chance(0.3) ? [...COMPARISONS] : ARITHMETIC);
    if (op === '%') return `(queue ${op}${matching} ${this.#random.pick(['queue', 'build'])})`;
    return `(${left} ${op}${matching}${group} ${right})`;
  }
}

const JUNK = [
  ...'(){}[],+-*/%^='.split(''),
  '==',
  '=~',
  'by',
  'on (a)',
  'bool',
  'offset',
  '@',
  '5m',
  '"s"',
  'sum',
  'rate',
  'x',
  '1',
];

/** A well-typed expression with one or two pieces lost, added or exchanged. Most of these are wrong. */
export function spoil(expression: string, random: Random): string {
  const pieces = expression.split(/(\s+|[(){}[\],=])/).filter((piece) => piece !== '');
  for (let i = 1 + random.below(2); i > 0; i--) {
    const at = random.below(pieces.length);
    const kind = random.below(3);
    if (kind === 0) pieces.splice(at, 1);
    else if (kind === 1) pieces.splice(at, 0, ` ${random.pick(JUNK)} `);
    else pieces[at] = random.pick(JUNK);
  }
  return pieces.join('').trim() || '{';
}

/** What one fresh run of a variant gave, by measure. */
export type Measures = Readonly<Record<string, number>>;

/** All measurements of a bench: per round, per variant, per measure. */
export type Rounds = readonly Readonly<Record<string, Measures>>[];

/** A limit from DESIGN.md section 7 and what was measured. */
export interface Budget {
  readonly name: string;
  readonly limit: number;
  readonly value: number;
  readonly ok: boolean;
}

export interface Bench {
  readonly name: string;
  /** What one unit of work is, for people. */
  readonly title: string;
  /** Unit of the first measure, which is the one in `results`. */
  readonly unit: string;
  /** Names of the measures in the order of the table's columns, each with its heading. */
  readonly measures: Readonly<Record<string, string>>;
  readonly variants: readonly string[];
  /** Measurements of each variant when nothing else is asked for. */
  readonly runs: number;
  /** Runs a variant once, in processes of its own. */
  measure(variant: string): Promise<Measures>;
  budgets(rounds: Rounds): readonly Budget[];
}

export interface BenchReport {
  readonly bench: string;
  readonly unit: string;
  readonly runs: number;
  readonly results: Readonly<Record<string, number>>;
  readonly details: Readonly<Record<string, Measures>>;
  readonly budgets: readonly Budget[];
  readonly ok: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function valueOf(round: Rounds[number], variant: string, measure: string): number {
  return round[variant]?.[measure] ?? Number.NaN;
}

/** The median over the rounds of what `variant` adds to `bare`, compared within each round. */
export function added(rounds: Rounds, measure: string, variant = 'ours'): number {
  return median(rounds.map((round) => valueOf(round, variant, measure) - valueOf(round, 'bare', measure)));
}

/** The median over the rounds of `variant` divided by `other`, compared within each round. */
export function ratio(rounds: Rounds, measure: string, variant: string, other: string): number {
  return median(rounds.map((round) => valueOf(round, variant, measure) / valueOf(round, other, measure)));
}

export function medianOf(rounds: Rounds, measure: string, variant = 'ours'): number {
  return median(rounds.map((round) => valueOf(round, variant, measure)));
}

const round2 = (value: number): number => Math.round(value * 100) / 100;

/** A budget that is kept when `value` is at most `limit`. */
export function budget(name: string, limit: number, value: number): Budget {
  return { name, limit, value: round2(value), ok: value <= limit };
}

/**
 * Runs every variant `runs` times, in turn and in alternating order, so that a machine that becomes slower or
 * faster favours nobody. `onStep` hears what comes next.
 */
export async function runBench(
  bench: Bench,
  runs: number,
  onStep: (text: string) => void,
): Promise<BenchReport> {
  const rounds: Record<string, Measures>[] = [];
  for (let number = 1; number <= runs; number += 1) {
    const order = number % 2 === 1 ? bench.variants : [...bench.variants].reverse();
    const round: Record<string, Measures> = {};
    for (const variant of order) {
      onStep(`${bench.name} · round ${number} of ${runs} · ${variant}`);
      round[variant] = await bench.measure(variant);
    }
    rounds.push(round);
  }
  const names = Object.keys(bench.measures);
  const details = Object.fromEntries(
    bench.variants.map((variant) => [
      variant,
      Object.fromEntries(names.map((name) => [name, round2(medianOf(rounds, name, variant))])),
    ]),
  );
  const first = names[0] ?? '';
  const results = Object.fromEntries(
    bench.variants.map((variant) => [variant, details[variant]?.[first] ?? Number.NaN]),
  );
  const budgets = bench.budgets(rounds);
  return {
    bench: bench.name,
    unit: bench.unit,
    runs,
    results,
    details,
    budgets,
    ok: budgets.every(({ ok }) => ok),
  };
}

/** The report as a table for people. */
export function table(bench: Bench, report: BenchReport): string {
  const measures = Object.entries(bench.measures);
  const rows = [
    ['', ...measures.map(([, heading]) => heading)],
    ...bench.variants.map((variant) => [
      variant,
      ...measures.map(([name]) => {
        const value = report.details[variant]?.[name];
        return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(value < 100 ? 1 : 0);
      }),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  const limits = report.budgets.map(
    ({ name, limit, value, ok }) => `${ok ? 'ok    ' : 'NOT OK'} ${name}: ${value}, at most ${limit}`,
  );
  return [`${bench.title} (median of ${report.runs})`, '', ...lines, '', ...limits, ''].join('\n');
}

import type { Expr } from '../../promql/index.ts';
import type { Labels } from '../../samples/labels.ts';
import type { DescribedPoint } from '../../promql/syntax/parser/series-description.ts';

/** One file of rule tests (Prometheus, docs/configuration/unit_testing_rules.md), read and checked. */
export interface RuleTestFile {
  readonly path: string;
  /** As written: paths from the folder of the file, with `*`, `?` and `[…]`. */
  readonly ruleFiles: readonly { readonly pattern: string; readonly where: string }[];
  /** Time between two evaluations of every group, whatever interval it names. */
  readonly evaluationIntervalMs: number;
  /** Groups named here are evaluated in this order; those that are not come first. */
  readonly groupOrder: readonly string[];
  /** Values that differ by the smallest step of a float count as equal. */
  readonly fuzzy: boolean;
  readonly tests: readonly TestGroup[];
}

/** Input series and what is expected of rules and expressions over them. */
export interface TestGroup {
  readonly name: string | undefined;
  readonly where: string;
  /** Time between two samples of the input series. */
  readonly intervalMs: number;
  /** When the first sample lies; all times of the tests count from here. */
  readonly startMs: number;
  readonly series: readonly { readonly labels: Labels; readonly points: readonly DescribedPoint[] }[];
  readonly alertTests: readonly AlertTest[];
  readonly exprTests: readonly ExprTest[];
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
}

/** The firing alerts of one name at one time; none expected: none may fire. */
export interface AlertTest {
  readonly where: string;
  readonly atMs: number;
  readonly alertName: string;
  readonly expected: readonly ExpectedAlert[];
}

export interface ExpectedAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** The samples of an expression at one time. */
export interface ExprTest {
  readonly where: string;
  readonly atMs: number;
  readonly expr: Expr;
  readonly expected: readonly { readonly labels: Labels; readonly value: number }[];
}

import type { Node } from 'yaml';
import { type Expr, parse, PromqlError } from '../../promql/index.ts';
import {
  type DescribedPoint,
  parseLabels,
  parsePoints,
} from '../../promql/syntax/parser/series-description.ts';
import { type Located, MapReader } from '../../alerts/rules/files/map-reader.ts';
import { shown, YamlSource } from '../../alerts/rules/files/yaml-source.ts';
import { Labels } from '../../samples/labels.ts';
import type { Problem } from '../../errors.ts';
import { parseTime } from '../terminal/parse-time.ts';
import type { AlertTest, ExpectedAlert, ExprTest, RuleTestFile, TestGroup } from './test-file.ts';

const FILE_FIELDS = ['rule_files', 'evaluation_interval', 'group_eval_order', 'fuzzy_compare', 'tests'];
const GROUP_FIELDS = [
  'name',
  'interval',
  'input_series',
  'alert_rule_test',
  'promql_expr_test',
  'external_labels',
  'external_url',
  'start_timestamp',
];
const DEFAULT_INTERVAL_MS = 60_000; // 1 minute, Prometheus' global evaluation_interval

/** Numbers as YAML and Go write them. */
function numberOf(text: string): number | undefined {
  const special = /^([+-]?)\.?(inf|nan)$/i.exec(text);
  if (special) {
    const value = special[2]?.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
    return special[1] === '-' ? -value : value;
  }
  const value = text.trim() === '' ? Number.NaN : Number(text.replaceAll('_', ''));
  return Number.isNaN(value) ? undefined : value;
}

/** Reads the parts of one file; problems are collected in its source. */
class TestFileReader {
  readonly #source: YamlSource;

  constructor(source: YamlSource) {
    this.#source = source;
  }

  file(root: Node): RuleTestFile | undefined {
    const reader = MapReader.open(this.#source, root, FILE_FIELDS, 'a file of rule tests');
    if (!reader) return undefined;
    const evaluationIntervalMs = reader.durationMs('evaluation_interval') || DEFAULT_INTERVAL_MS;
    return {
      path: this.#source.path,
      ruleFiles: this.#texts(reader, 'rule_files').map(({ value, node }) => ({
        pattern: value,
        where: this.#source.where(node),
      })),
      evaluationIntervalMs,
      groupOrder: this.#groupOrder(reader),
      fuzzy: this.#flag(reader, 'fuzzy_compare'),
      tests: reader
        .list('tests')
        .map((node) => this.#group(node, evaluationIntervalMs))
        .filter((group) => group !== undefined),
    };
  }

  #texts(reader: MapReader, name: string): Located<string>[] {
    return reader.list(name).flatMap((node) => {
      const { value } = node as { value?: unknown };
      if (typeof value === 'string' && value !== '') return [{ value, node }];
      reader.fail(node, `a text in ${name}`);
      return [];
    });
  }

  #groupOrder(reader: MapReader): string[] {
    const names = this.#texts(reader, 'group_eval_order');
    const seen = new Set<string>();
    for (const { value, node } of names) {
      if (seen.has(value)) reader.fail(node, 'each group once in group_eval_order', shown(value));
      seen.add(value);
    }
    return [...seen];
  }

  #flag(reader: MapReader, name: string): boolean {
    const found = reader.text(name);
    if (found && found.value !== 'true' && found.value !== 'false') {
      reader.fail(found.node, `true or false for ${name}`, shown(found.value));
    }
    return found?.value === 'true';
  }

  #group(node: Node, evaluationIntervalMs: number): TestGroup | undefined {
    const reader = MapReader.open(this.#source, node, GROUP_FIELDS, 'a test');
    if (!reader) return undefined;
    const start = reader.text('start_timestamp');
    const startMs = start === undefined ? 0 : parseTime(start.value);
    if (startMs === undefined) {
      reader.fail(
        start?.node ?? node,
        'a time such as 2026-11-24T06:00:00Z, or Unix seconds',
        shown(start!.value),
      );
    }
    return {
      name: reader.text('name')?.value,
      where: this.#source.where(reader.node),
      intervalMs: reader.durationMs('interval') || evaluationIntervalMs,
      startMs: startMs ?? 0,
      series: this.#items(reader, 'input_series', (item) => this.#series(item)),
      alertTests: this.#items(reader, 'alert_rule_test', (item) => this.#alertTest(item)),
      exprTests: this.#items(reader, 'promql_expr_test', (item) => this.#exprTest(item)),
      externalLabels: this.#record(reader, 'external_labels'),
      externalUrl: reader.text('external_url')?.value ?? '',
    };
  }

  #items<T>(reader: MapReader, name: string, read: (node: Node) => T | undefined): T[] {
    return reader
      .list(name)
      .map(read)
      .filter((item) => item !== undefined);
  }

  #record(reader: MapReader, name: string): Record<string, string> {
    return Object.fromEntries(reader.texts(name).map(({ key, value }) => [key.value, value.value]));
  }

  /** Runs a parser of PromQL on a text of the file; its error is reported at the text. */
  #parsed<T>(
    reader: MapReader,
    found: Located<string> | undefined,
    what: string,
    run: (text: string) => T,
  ): T | undefined {
    if (!found) return undefined;
    try {
      return run(found.value);
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      reader.fail(found.node, what, `${error.message} (at ${error.line}:${error.column} of the text)`);
      return undefined;
    }
  }

  #series(node: Node): { readonly labels: Labels; readonly points: readonly DescribedPoint[] } | undefined {
    const what = 'an input series';
    const reader = MapReader.open(this.#source, node, ['series', 'values'], what);
    if (!reader) return undefined;
    const name = reader.requiredText('series', what);
    const values = reader.requiredText('values', what);
    const labels = this.#parsed(reader, name, 'a series such as up{job="api"}', parseLabels);
    const points = this.#parsed(reader, values, 'values such as 1+2x3 _ stale 5', parsePoints);
    if (points?.some(({ kind }) => kind === 'native-histogram') && values) {
      reader.fail(values.node, 'float samples', 'a native histogram, which is not supported');
    }
    return labels !== undefined && points !== undefined ? { labels, points } : undefined;
  }

  #alertTest(node: Node): AlertTest | undefined {
    const fields = ['eval_time', 'alertname', 'exp_alerts'];
    const reader = MapReader.open(this.#source, node, fields, 'an alert_rule_test');
    if (!reader) return undefined;
    const name = reader.requiredText('alertname', 'an alert_rule_test');
    const atMs = reader.durationMs('eval_time');
    const expected = this.#items(reader, 'exp_alerts', (item) => this.#alert(item, name?.value ?? ''));
    if (!name) return undefined;
    return { where: this.#source.where(reader.node), atMs, alertName: name.value, expected };
  }

  #alert(node: Node, alertname: string): ExpectedAlert | undefined {
    const reader = MapReader.open(this.#source, node, ['exp_labels', 'exp_annotations'], 'an expected alert');
    if (!reader) return undefined;
    return {
      labels: Labels.from({ ...this.#record(reader, 'exp_labels'), alertname }),
      annotations: Labels.from(this.#record(reader, 'exp_annotations')),
    };
  }

  #exprTest(node: Node): ExprTest | undefined {
    const fields = ['expr', 'eval_time', 'exp_samples'];
    const reader = MapReader.open(this.#source, node, fields, 'a promql_expr_test');
    if (!reader) return undefined;
    const text = reader.requiredText('expr', 'a promql_expr_test');
    const expr = this.#parsed(reader, text, 'a PromQL expression', (found): Expr => parse(found));
    if (text && expr && expr.type !== 'vector' && expr.type !== 'scalar') {
      reader.fail(
        text.node,
        'an expression that returns an instant vector or a scalar',
        `one that returns a ${expr.type}`,
      );
    }
    const atMs = reader.durationMs('eval_time');
    const expected = this.#items(reader, 'exp_samples', (item) => this.#sample(item));
    return expr && { where: this.#source.where(reader.node), atMs, expr, expected };
  }

  #sample(node: Node): { readonly labels: Labels; readonly value: number } | undefined {
    const what = 'an expected sample';
    const reader = MapReader.open(this.#source, node, ['labels', 'value', 'histogram'], what);
    if (!reader) return undefined;
    if (reader.has('histogram')) {
      reader.fail(reader.keyNode('histogram'), 'a float value', 'a native histogram, which is not supported');
      return undefined;
    }
    const name = reader.text('labels');
    const labels = name
      ? this.#parsed(reader, name, 'a series such as up{job="api"}, or {}', parseLabels)
      : Labels.empty;
    const text = reader.text('value');
    const value = numberOf(text?.value ?? '0');
    if (text && value === undefined) reader.fail(text.node, 'a number for value', shown(text.value));
    return labels !== undefined && value !== undefined ? { labels, value } : undefined;
  }
}

/** Reads a file of rule tests. `file` is undefined when there is any problem. Pure; never throws. */
export function readTestFile(
  path: string,
  text: string,
): { readonly file: RuleTestFile | undefined; readonly problems: readonly Problem[] } {
  const source = new YamlSource(path, text);
  if (source.problems.length === 0 && source.root === undefined) {
    source.reportAt({ line: 1, column: 1 }, 'a file of rule tests', 'an empty file');
  }
  const file = source.root === undefined ? undefined : new TestFileReader(source).file(source.root);
  return { file: source.problems.length === 0 ? file : undefined, problems: source.problems };
}

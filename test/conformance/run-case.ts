import {
  annotationText,
  type Evaluation,
  evaluateInstant,
  evaluateRange,
  type Expr,
  parse,
  print,
  PromqlError,
  type Value,
} from '../../src/promql/index.ts';
import { ALL_FEATURES } from './features.ts';
import { pinTo } from './pin.ts';
import { compareResult } from './compare.ts';
import type { EvalCommand, Expectation } from './script.ts';
import { outOfScope } from './scope.ts';
import type { ScriptStorage } from './storage.ts';

export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'out-of-scope'; readonly reason: string };

function matches({ match }: Expectation, text: string): boolean {
  if (match === undefined) return true;
  return match.kind === 'msg' ? text === match.text : new RegExp(match.text).test(text);
}

/** Compares annotations of one level with what is expected of them. */
function checkLevel(
  level: 'warn' | 'info',
  expectations: readonly Expectation[],
  texts: readonly string[],
): string | undefined {
  const wanted = expectations.filter(({ kind }) => kind === level);
  if (expectations.some(({ kind }) => kind === `no_${level}`) && texts.length > 0) {
    return `unexpected ${level}: ${texts[0]}`;
  }
  for (const expectation of wanted) {
    if (!texts.some((text) => matches(expectation, text))) {
      return `expected ${level} ${expectation.match?.text ?? ''}, got ${texts.join('; ') || 'none'}`;
    }
  }
  const stray =
    wanted.length > 0 ? texts.find((text) => !wanted.some((one) => matches(one, text))) : undefined;
  return stray === undefined ? undefined : `unexpected ${level}: ${stray}`;
}

function checkAnnotations({ annotations }: Evaluation, { expectations }: EvalCommand): string | undefined {
  const texts = (kind: 'warning' | 'info'): string[] =>
    annotations.filter((annotation) => annotation.kind === kind).map(annotationText);
  return (
    checkLevel('warn', expectations, texts('warning')) ?? checkLevel('info', expectations, texts('info'))
  );
}

/** Runs one way of asking; the error of the evaluator, where one is expected, must fit. */
function check(
  command: EvalCommand,
  evaluate: () => Evaluation,
  pick: (value: Value) => Value,
): string | undefined {
  const failures = command.expectations.filter(({ kind }) => kind === 'fail');
  let evaluation: Evaluation;
  try {
    evaluation = evaluate();
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    if (failures.length === 0) return `failed: ${error.message}`;
    const fits = failures.every((failure) => matches(failure, error.message));
    return fits ? undefined : `failed with another message: ${error.message}`;
  }
  if (failures.length > 0) return 'expected to fail';
  return checkAnnotations(evaluation, command) ?? compareResult(pick(evaluation.value), command);
}

/** The part of a range query's result at one time, as the instant query yields it. */
function at(timeMs: number, isScalar: boolean): (value: Value) => Value {
  return (value) => {
    if (value.kind !== 'matrix') return value;
    const samples = value.series.flatMap(({ labels, points }) =>
      points.filter((point) => point.timeMs === timeMs).map((point) => ({ labels, value: point.value })),
    );
    const [only] = samples;
    return isScalar && only !== undefined
      ? { kind: 'scalar', value: only.value }
      : { kind: 'vector', samples };
  };
}

const same = (value: Value): Value => value;

/**
 * An instant case as the middle step of a range query. Order is not defined there, and `start()`, `end()`, `step()`
 * and `range()` are others.
 */
function asRange(command: EvalCommand, expr: Expr, storage: ScriptStorage, atMs: number): string | undefined {
  const isOrdered = command.expectations.some(({ kind }) => kind === 'ordered');
  const asksForBounds = /\b(?:start|end|step|range)\s*\(\s*\)/i.test(expr.text);
  if (asksForBounds || isOrdered || expr.type === 'matrix' || expr.type === 'string') return undefined;
  const minute = 60_000;
  return check(
    command,
    () => evaluateRange(expr, storage.store, atMs - minute, atMs + minute, minute),
    at(atMs, expr.type === 'scalar'),
  );
}

/** An instant case with its time pinned by `@` to each selector, asked for at other times, from printed text. */
function pinned(command: EvalCommand, expr: Expr, storage: ScriptStorage, atMs: number): string | undefined {
  const root = pinTo(expr.root, atMs);
  if (root === undefined) return undefined;
  const text = print({ ...expr, root });
  // The positions of annotations are those of another text.
  const expectations = command.expectations.map(({ kind, match }): Expectation =>
    match === undefined || kind === 'fail' ? { kind, ...(match && { match }) } : { kind },
  );
  for (const timeMs of atMs === 0 ? [-1000, 0, 1000] : [-10 * atMs, 0, atMs / 5, atMs, 10 * atMs]) {
    const wrong = check(
      { ...command, expectations },
      () => evaluateInstant(parse(text, ALL_FEATURES), storage.store, Math.trunc(timeMs)),
      same,
    );
    if (wrong !== undefined) return `${text} at ${timeMs}: ${wrong}`;
  }
  return undefined;
}

function runInstant(
  command: EvalCommand,
  expr: Expr,
  storage: ScriptStorage,
  atMs: number,
): string | undefined {
  const direct = check(command, () => evaluateInstant(expr, storage.store, atMs), same);
  if (direct !== undefined) return direct;
  const range = asRange(command, expr, storage, atMs);
  if (range !== undefined) return `as a range query: ${range}`;
  const fixed = pinned(command, expr, storage, atMs);
  return fixed === undefined ? undefined : `pinned by @: ${fixed}`;
}

function tryParse(text: string): Expr | PromqlError {
  try {
    return parse(text, ALL_FEATURES);
  } catch (error) {
    if (error instanceof PromqlError) return error;
    throw error;
  }
}

/** Runs one `eval`, an instant one in three ways (promqltest, runInstantQuery). */
export function runCase(command: EvalCommand, storage: ScriptStorage): Outcome {
  const expr = tryParse(command.expr);
  const reason = outOfScope(command, expr instanceof PromqlError ? undefined : expr, storage);
  if (reason !== undefined) return { kind: 'out-of-scope', reason };
  const { query } = command;
  let why: string | undefined;
  if (expr instanceof PromqlError) {
    why = check(
      command,
      () => {
        throw expr;
      },
      same,
    );
  } else if (query.kind === 'range') {
    const { fromMs, toMs, stepMs } = query;
    why = check(command, () => evaluateRange(expr, storage.store, fromMs, toMs, stepMs), same);
  } else {
    why = runInstant(command, expr, storage, query.atMs);
  }
  return why === undefined ? { kind: 'passed' } : { kind: 'failed', why };
}

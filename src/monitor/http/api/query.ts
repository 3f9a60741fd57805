import type { Annotation } from '../../../promql/evaluation/annotations.ts';
import { annotationText, type Expr, parse, PromqlError } from '../../../promql/index.ts';
import type { Value } from '../../../promql/evaluation/value.ts';
import { formatPlain } from '../../../samples/format-number.ts';
import type { Page } from '../http-server.ts';
import { AnswerText } from './answer-text.ts';
import { MatrixText } from './matrix-text.ts';
import { pointText, timestamp } from './numbers.ts';
import {
  durationParam,
  limitParam,
  optionalTimeParam,
  param,
  parseDurationMs,
  parseErrorText,
  timeParam,
} from './params.ts';
import { MAX_TIMEOUT_MS, type QueryRunner } from './query-runner.ts';
import { ApiError, invalidParameter, type Notes, successText } from './reply.ts';

/** Points per series that a range query may ask for (Prometheus, web/api/v1/api.go). */
const MAX_STEPS = 11_000;
/** Annotations of each kind that are shown, as in Prometheus. */
const MAX_NOTES = 10;
const TRUNCATED = 'results truncated due to limit';

function exprParam(request: URL): Expr {
  const text = param(request, 'query');
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof PromqlError) throw invalidParameter('query', parseErrorText(error, text));
    throw error;
  }
}

function timeoutParam(request: URL): number {
  return param(request, 'timeout') === '' ? MAX_TIMEOUT_MS : durationParam(request, 'timeout');
}

function lookbackParam(request: URL): number | undefined {
  const text = param(request, 'lookback_delta');
  const found = text === '' ? undefined : parseDurationMs(text);
  if (typeof found !== 'object') return found;
  throw new ApiError('bad_data', `error parsing lookback delta duration: ${found.error}`);
}

function notesOf(annotations: readonly Annotation[], truncated: boolean): Notes {
  const texts = (kind: Annotation['kind']): string[] => {
    const all = annotations.filter((found) => found.kind === kind).map(annotationText);
    const more = all.length - MAX_NOTES;
    const rest = more > 0 ? [`${more} more ${kind} annotations omitted`] : [];
    return [...all.slice(0, MAX_NOTES), ...rest];
  };
  return { warnings: [...texts('warning'), ...(truncated ? [TRUNCATED] : [])], infos: texts('info') };
}

function dataText(type: string, result: string): string {
  return `{"resultType":"${type}","result":${result}}`;
}

function instantText(value: Value, timeMs: number, limit: number): string {
  switch (value.kind) {
    case 'scalar':
      return dataText('scalar', `[${timestamp(timeMs)},"${formatPlain(value.value)}"]`);
    case 'string':
      return dataText('string', `[${timestamp(timeMs)},${JSON.stringify(value.value)}]`);
    case 'vector': {
      const shown = limit > 0 ? value.samples.slice(0, limit) : value.samples;
      const text = new AnswerText();
      for (const { labels, value: number } of shown) {
        text.add(`{"metric":${JSON.stringify(labels.toRecord())},"value":${pointText(timeMs, number)}}`);
      }
      return dataText('vector', `[${text.join()}]`);
    }
    case 'matrix': {
      const text = new MatrixText();
      text.add(value);
      return dataText('matrix', text.toText(limit));
    }
  }
}

function countOf(value: Value): number {
  if (value.kind === 'vector') return value.samples.length;
  return value.kind === 'matrix' ? value.series.length : 0;
}

/** `/api/v1/query`: an expression at one time. */
export async function instantQuery(request: URL, runner: QueryRunner, nowMs: number): Promise<Page> {
  const limit = limitParam(request);
  const timeMs = optionalTimeParam(request, 'time', nowMs);
  const timeoutMs = timeoutParam(request);
  const lookbackMs = lookbackParam(request);
  const source = (): Expr => exprParam(request);
  const { value, annotations } = await runner.instant(source, timeMs, timeoutMs, lookbackMs);
  const truncated = limit > 0 && countOf(value) > limit;
  return successText(instantText(value, timeMs, limit), notesOf(annotations, truncated));
}

/** `/api/v1/query_range`: an expression at many times. */
export async function rangeQuery(request: URL, runner: QueryRunner): Promise<Page> {
  const limit = limitParam(request);
  const fromMs = timeParam(request, 'start');
  const toMs = timeParam(request, 'end');
  if (toMs < fromMs) throw invalidParameter('end', 'end timestamp must not be before start time');
  const stepMs = durationParam(request, 'step');
  if (stepMs <= 0) {
    throw invalidParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if (Math.floor((toMs - fromMs) / stepMs) > MAX_STEPS) {
    throw new ApiError(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  const timeoutMs = timeoutParam(request);
  const lookbackMs = lookbackParam(request);
  const text = new MatrixText();
  const times = { fromMs, toMs, stepMs };
  const source = (): Expr => rangeExprParam(request);
  const annotations = await runner.range(source, times, timeoutMs, (value) => text.add(value), lookbackMs);
  const truncated = limit > 0 && text.seriesCount > limit;
  return successText(dataText('matrix', text.toText(limit)), notesOf(annotations, truncated));
}

/** An expression that has a value at each step. */
function rangeExprParam(request: URL): Expr {
  const expr = exprParam(request);
  if (expr.type !== 'scalar' && expr.type !== 'vector') {
    const got = expr.type === 'matrix' ? 'range vector' : expr.type;
    throw invalidParameter(
      'query',
      `invalid expression type "${got}" for range query, must be Scalar or instant Vector`,
    );
  }
  return expr;
}

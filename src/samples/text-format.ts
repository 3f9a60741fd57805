import { formatBound } from './format-number.ts';
import { Labels, METRIC_NAME } from './labels.ts';

/** One line of a page in the text format. */
export interface TextSample {
  readonly labels: Labels;
  readonly value: number;
  /** As written; most pages write none. */
  readonly timestampMs: number | undefined;
}

export interface TextReading {
  readonly samples: readonly TextSample[];
  /** Lines that are no sample, from 1; Prometheus refuses a page with a single one. */
  readonly malformed: readonly { readonly line: number; readonly text: string }[];
}

// name{labels} value timestamp? — the labels are read piece by piece, so that nothing backtracks.
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\\n]|\\.)*)"\s*(,?)/y;
const REST = /\s+([^\s#]+)(?:\s+(-?\d+(?:\.\d+)?))?\s*(?:#.*)?$/y;
/** Longest value of a label; matching a pattern takes time in proportion. */
const MAX_VALUE_CHARS = 4096;
/** As many as the store takes; a page with more is refused at the first line beyond. */
const MAX_SAMPLES = 100_000;
/** One is enough to refuse a page. */
const MAX_MALFORMED = 20;
const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/** Go's `ParseFloat` as the format uses it: decimal and exponent forms, `NaN`, `+Inf`, `-Inf`. */
function numberOf(text: string): number | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function sampleOf(line: string): TextSample | undefined {
  NAME.lastIndex = 0;
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return undefined;
  const labels: [string, string][] = [[METRIC_NAME, name]];
  let at = name.length;
  if (line[at] === '{') {
    at += 1;
    for (let more = true; more;) {
      LABEL.lastIndex = at;
      const label = LABEL.exec(line);
      if (!label) break;
      const [whole, key = '', text = '', comma] = label;
      const value = text.replaceAll(/\\[\\"n]/g, (escape) => ESCAPES[escape] ?? escape);
      // Prometheus 3 stores the bounds of buckets in one form, however a page writes them.
      const bound = key === 'le' ? numberOf(value) : undefined;
      if (value.length > MAX_VALUE_CHARS) return undefined;
      labels.push([key, bound === undefined ? value : formatBound(bound)]);
      at += whole.length;
      more = comma === ',';
    }
    while (line[at] === ' ') at += 1;
    if (line[at] !== '}') return undefined;
    at += 1;
  }
  REST.lastIndex = at;
  const rest = REST.exec(line);
  const value = numberOf(rest?.[1] ?? '');
  if (value === undefined) return undefined;
  return {
    labels: Labels.fromEntries(labels),
    value,
    timestampMs: rest?.[2] === undefined ? undefined : Number(rest[2]),
  };
}

/**
 * Reads a page in the text format of Prometheus (exposition format 0.0.4), and OpenMetrics as far as the two agree;
 * exemplars and start times are passed over. Linear in the length of the page.
 */
export function readTextFormat(text: string): TextReading {
  const samples: TextSample[] = [];
  const malformed: { line: number; text: string }[] = [];
  let number = 0;
  // Line by line: a list of all lines of a page could be larger than what a worker thread survives.
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end).trim();
    from = end < 0 ? text.length : end + 1;
    number++;
    if (line === '' || line.startsWith('#')) continue;
    const sample = samples.length < MAX_SAMPLES ? sampleOf(line) : undefined;
    if (sample) samples.push(sample);
    else malformed.push({ line: number, text: line.slice(0, 200) });
    if (malformed.length >= MAX_MALFORMED) break;
  }
  return { samples, malformed };
}

// Hot path: `add` runs once per slice of a range query, and per point only joins texts.
import type { MatrixValue } from '../../../promql/evaluation/value.ts';
import type { Labels } from '../../../samples/labels.ts';
import { inOrder } from './label-order.ts';
import { pointText } from './numbers.ts';
import { AnswerText, MAX_ANSWER_CHARS, tooManySamples } from './answer-text.ts';

interface Series {
  readonly labels: Labels;
  text: string;
}

/** Points that one answer may hold. */
const MAX_POINTS = 1_000_000;

/** The result of a range query as JSON text, put together slice by slice. */
export class MatrixText {
  readonly #byKey = new Map<string, Series>();
  readonly #maxPoints: number;
  #points = 0;
  #chars = 0;

  constructor(maxPoints = MAX_POINTS) {
    this.#maxPoints = maxPoints;
  }

  get seriesCount(): number {
    return this.#byKey.size;
  }

  /** Adds points later than all before. Throws an `ApiError` when there are too many. */
  add({ series }: MatrixValue): void {
    for (const { labels, points } of series) {
      if (points.length === 0) continue;
      this.#points += points.length;
      if (this.#points > this.#maxPoints) throw tooManySamples();
      let found = this.#byKey.get(labels.key);
      if (found === undefined) {
        // A label that changes with each step makes a series of each point.
        this.#add(labels.key.length);
        found = { labels, text: '' };
        this.#byKey.set(labels.key, found);
      }
      for (const { timeMs, value } of points) {
        const point = pointText(timeMs, value);
        this.#add(point.length + 1);
        found.text += `${found.text === '' ? '' : ','}${point}`;
      }
    }
  }

  #add(chars: number): void {
    this.#chars += chars;
    if (this.#chars > MAX_ANSWER_CHARS) throw tooManySamples();
  }

  /** The list of series in the order of their labels, at most `limit` of them; 0 is no limit. */
  toText(limit: number): string {
    const sorted = inOrder(this.#byKey.values(), ({ labels }) => labels);
    const shown = limit > 0 ? sorted.slice(0, limit) : sorted;
    const answer = new AnswerText();
    for (const { labels, text } of shown) {
      answer.add(`{"metric":${JSON.stringify(labels.toRecord())},"values":[${text}]}`);
    }
    return `[${answer.join()}]`;
  }
}

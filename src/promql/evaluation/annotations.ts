import { type Position, positionOf, type Span } from '../syntax/position.ts';

/** A warning or a note about a query that did not fail. */
export interface Annotation extends Position, Span {
  readonly kind: 'warning' | 'info';
  /** As Prometheus words it, with `PromQL warning: ` or `PromQL info: ` in front, without the position. */
  readonly message: string;
}

/** `message (line:column)`, as the Prometheus API shows it. */
export function annotationText({ message, line, column }: Annotation): string {
  return `${message} (${line}:${column})`;
}

/** Each sample can bring one of its own; the API shows ten of each kind. */
const MAX_ANNOTATIONS = 1000;

/** Collects the annotations of one evaluation, each text and position once. */
export class Annotations {
  readonly #text: string;
  readonly #found = new Map<string, Annotation>();

  constructor(text: string) {
    this.#text = text;
  }

  warn(message: string, span: Span): void {
    this.#add('warning', `PromQL warning: ${message}`, span);
  }

  info(message: string, span: Span): void {
    this.#add('info', `PromQL info: ${message}`, span);
  }

  list(): readonly Annotation[] {
    return [...this.#found.values()];
  }

  #add(kind: Annotation['kind'], message: string, { start, end }: Span): void {
    const key = `${start} ${message}`;
    if (this.#found.size >= MAX_ANNOTATIONS || this.#found.has(key)) return;
    this.#found.set(key, { kind, message, start, end, ...positionOf(this.#text, start) });
  }
}

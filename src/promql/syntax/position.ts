/** A part of the text of an expression: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Line and column, both from 1, as Prometheus prints them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset. Columns count characters, as far as one line break after another allows. */
export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastBreak };
}

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Problem, problem } from '../../../errors.ts';

/** A location in a file, counted from 1. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

const MAX_SHOWN = 60;

/** A text as shown in a message: quoted, one line, at most 60 characters. */
export function shown(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return JSON.stringify(cut);
}

/**
 * One YAML or JSON file with positions. Collects problems in the form `file:line:column: expected, got`; nothing
 * throws.
 */
export class YamlSource {
  readonly path: string;
  readonly text: string;
  readonly root: Node | undefined;
  readonly problems: Problem[] = [];
  readonly #lines = new LineCounter();
  readonly #resolve: (node: Node) => Node | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    // A byte order mark is not part of the text, and the positions are those that an editor shows.
    this.text = text.startsWith('\uFEFF') ? text.slice(1) : text;
    const document = parseDocument(this.text, { lineCounter: this.#lines, prettyErrors: false });
    this.#resolve = (node) => (isAlias(node) ? node.resolve(document) : node);
    for (const error of document.errors) {
      this.reportAt(this.locationAt(error.pos[0]), 'YAML or JSON', error.message);
    }
    this.root =
      document.errors.length === 0 && document.contents ? this.resolve(document.contents) : undefined;
  }

  /** The node that an alias refers to; other nodes are themselves. */
  resolve(node: Node): Node {
    return this.#resolve(node) ?? node;
  }

  locationAt(offset: number): Location {
    const { line, col } = this.#lines.linePos(offset);
    return line === 0 ? { line: 1, column: offset + 1 } : { line, column: col };
  }

  locationOf(node: Node): Location {
    return this.locationAt(node.range?.[0] ?? 0);
  }

  /** `file:line:column` of a node. */
  where(node: Node): string {
    return this.whereAt(this.locationOf(node));
  }

  whereAt(location: Location): string {
    return `${this.path}:${location.line}:${location.column}`;
  }

  report(node: Node, expected: string, got: string = describe(node)): void {
    this.reportAt(this.locationOf(node), expected, got);
  }

  reportAt(location: Location, expected: string, got: string): void {
    this.problems.push(problem('MON_RULE', { where: this.whereAt(location), expected, got }));
  }
}

/** What a node is, for the part of a message after "got". */
export function describe(node: Node): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (isScalar(node)) return node.value === null ? 'nothing' : shown(scalarText(node));
  return 'an undefined alias';
}

/** The text of a scalar as written: Prometheus reads numbers and booleans as the texts that they are. */
export function scalarText(node: Node): string {
  if (!isScalar(node) || node.value === null) return '';
  if (typeof node.value === 'string') return node.value;
  return node.source ?? JSON.stringify(node.value);
}

import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { type Problem, problem } from '../../../errors.ts';
import { checkStructure, decodeFile, FileTextError } from './file-text.ts';

/** A location in a file, counted from 1. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

const MAX_SHOWN = 60;
/** A broken file can have as many errors as characters. */
const MAX_ERRORS = 20;

/** A text as shown in a message: quoted, one line, at most 60 characters. */
export function shown(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return JSON.stringify(cut);
}

/** A key of a map with its value; null where nothing is written. */
export interface MapEntry {
  readonly key: Node;
  readonly value: Node | null;
}

/** Merges of merges; a map that merges itself never ends. */
const MAX_MERGES = 20;

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
  /** What each alias refers to: the last node before it that has its anchor. */
  readonly #aliases = new Map<Alias, Node>();

  constructor(path: string, content: string | Uint8Array) {
    this.path = path;
    const decoded = this.#decode(content);
    // A byte order mark is not part of the text, and the positions are those that an editor shows.
    this.text = decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded;
    if (this.problems.length > 0) return;
    // Unique keys are checked here: the library compares each key with all before it.
    const document = parseDocument(this.text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: false,
    });
    for (const error of document.errors.slice(0, MAX_ERRORS)) {
      this.reportAt(this.locationAt(error.pos[0]), 'YAML or JSON', error.message);
    }
    if (document.errors.length > 0 || document.contents === null) return;
    this.#walk(document.contents);
    if (this.problems.length === 0) this.root = this.resolve(document.contents);
  }

  #decode(content: string | Uint8Array): string {
    try {
      const text = decodeFile(content);
      checkStructure(text);
      return text;
    } catch (error) {
      if (!(error instanceof FileTextError)) throw error;
      const { line = 1, column = 1 } = error;
      this.reportAt({ line, column }, 'a text in UTF-8 of moderate size', error.message);
      return '';
    }
  }

  /** Finds what the aliases refer to, and keys that occur twice, in one pass. */
  #walk(contents: Node): void {
    const anchors = new Map<string, Node>();
    visit(contents, {
      Node: (_key, node) => {
        if (isAlias(node)) {
          const target = anchors.get(node.source);
          if (target !== undefined) this.#aliases.set(node, target);
        } else if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
          anchors.set(node.anchor, node);
        }
        if (isMap(node)) this.#checkKeys(node);
      },
    });
  }

  #checkKeys(map: YAMLMap): void {
    const seen = new Set<string>();
    for (const { key } of map.items) {
      if (!isScalar(key)) continue;
      const text = scalarText(key);
      if (seen.has(text)) this.report(key, 'each key once', shown(text));
      seen.add(text);
    }
  }

  /** The node that an alias refers to; other nodes are themselves. */
  resolve(node: Node): Node {
    return isAlias(node) ? (this.#aliases.get(node) ?? node) : node;
  }

  /**
   * The entries of a map with those that `<<` merges into it: the map's own come first and win, then those of the
   * merged maps in their order (YAML 1.1, merge keys).
   */
  entries(map: YAMLMap): readonly MapEntry[] {
    const found = new Map<string, MapEntry>();
    this.#collect(map, found, 0);
    return [...found.values()];
  }

  #collect(map: YAMLMap, found: Map<string, MapEntry>, depth: number): void {
    const merged: Node[] = [];
    for (const pair of map.items) {
      const key = this.resolve(pair.key as Node);
      const value = pair.value as Node | null;
      if (isScalar(key) && key.type === Scalar.PLAIN && scalarText(key) === '<<') {
        if (value !== null) merged.push(value);
        continue;
      }
      const name = isScalar(key) ? scalarText(key) : `?${found.size}`;
      if (!found.has(name)) found.set(name, { key, value });
    }
    for (const node of merged) this.#merge(node, found, depth + 1);
  }

  #merge(node: Node, found: Map<string, MapEntry>, depth: number): void {
    const resolved = this.resolve(node);
    if (depth > MAX_MERGES) {
      this.report(node, `merges no more than ${MAX_MERGES} deep`, 'a map that merges itself, or too many');
    } else if (isMap(resolved)) {
      this.#collect(resolved, found, depth);
    } else if (isSeq(resolved) && depth === 1) {
      for (const item of resolved.items.slice(0, MAX_MERGES)) this.#merge(item as Node, found, depth + 1);
    } else {
      this.report(node, 'a map, or a list of maps, to merge');
    }
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

import { type Layer, type Match, matchOf } from './layers.ts';
import { expressionOf } from './template.ts';

/**
 * Templates that one mount may turn out to have, for lists of paths. What comes to more is no list: something that a
 * client chose was taken for a part of a template.
 */
const MAX_TEMPLATES = 20;
/** Longer matches are not looked into. */
const MAX_LENGTH = 512;

/** The templates of a layer so far, with an expression for the paths of each. */
const known = new WeakMap<Layer, Map<string, RegExp | undefined>>();

const KINDS = ['0123456789', 'abcdef', 'ghijklmnopqrstuvwxyz', 'ABCDEF', 'GHIJKLMNOPQRSTUVWXYZ', '-_.~!@+'];
/** Several, because one of them may be another entry of a list of mounts: `/v1` and `/v2`. */
const STEPS = [1, 2, 4];

/** Other characters of the same kind, so that an expression that takes any of the kind takes them as well. */
function othersOf(char: string): readonly string[] {
  const kind = KINDS.find((chars) => chars.includes(char)) ?? '-_.~!@+';
  const at = kind.indexOf(char);
  return STEPS.map((step) => kind[(at + step) % kind.length] ?? '');
}

/** Whether a layer takes the path with other characters at a position: then the client chose that character. */
function isFree(layer: Layer, path: string, at: number): boolean {
  return othersOf(path[at] ?? '').every((other) => {
    const changed = path.slice(0, at) + other + path.slice(at + 1);
    return matchOf(layer, changed)?.path.length === path.length;
  });
}

interface Segment {
  readonly text: string;
  /** For each character whether the client chose it. */
  readonly free: readonly boolean[];
}

function segmentsOf(layer: Layer, path: string): readonly Segment[] {
  let start = 0;
  return path.split('/').map((text) => {
    const from = start;
    start += text.length + 1;
    return { text, free: Array.from(text, (_char, at) => isFree(layer, path, from + at)) };
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Values = Map<string, string>;

interface Mounted {
  readonly layer: Layer;
  /** Whether it takes a path in any case. */
  readonly anyCase: boolean;
}

/** A segment that a client chose in part or whole: its parameters by name, `*` for what has none. */
function freeTemplate({ text, free }: Segment, values: Values): string {
  const whole = [...values].find(([, value]) => value === decoded(text));
  if (whole) {
    values.delete(whole[0]);
    return `:${whole[0]}`;
  }
  let template = '';
  for (let at = 0; at < text.length;) {
    const [name, value] =
      [...values].find(([, found]) => free[at] === true && text.startsWith(found, at)) ?? [];
    if (name !== undefined && value !== undefined) {
      values.delete(name);
      template += `:${name}`;
      at += value.length;
    } else if (free[at] === true) {
      return '*';
    } else {
      template += text[at] ?? '';
      at += 1;
    }
  }
  return template;
}

/**
 * A segment that cannot be otherwise: a literal, or a parameter with a closed list of values. Of a literal the router may
 * take any case, so the case is not the client's: it is that of the expression, where there is one to read, else lower.
 */
function fixedTemplate({ text }: Segment, values: Values, { layer, anyCase }: Mounted): string {
  const name = [...values].find(([, value]) => value === decoded(text))?.[0];
  if (name !== undefined) {
    values.delete(name);
    return `:${name}`;
  }
  if (!anyCase) return text;
  const lower = text.toLowerCase();
  const source = (layer as { regexp?: { source?: unknown } }).regexp?.source;
  if (typeof source !== 'string') return lower;
  const at = source.toLowerCase().indexOf(lower);
  return at < 0 ? lower : source.slice(at, at + text.length);
}

/**
 * The template of a mount, found by asking its layer: what can be changed in the path without losing the match is the
 * client's and becomes a parameter or `*`; the rest was written by the service.
 */
function derived(layer: Layer, { path, params }: Match): string | undefined {
  if (path.length > MAX_LENGTH) return undefined;
  const values: Values = new Map();
  for (const [name, value] of Object.entries(params))
    if (typeof value === 'string' && value !== '' && !/^\d/.test(name)) values.set(name, value);
  const takes = (other: string): boolean => matchOf(layer, other)?.path.length === path.length;
  const mounted = { layer, anyCase: takes(path.toLowerCase()) && takes(path.toUpperCase()) };
  const segments = segmentsOf(layer, path);
  // Free segments first: a literal that happens to equal a value must not take its name.
  const free = segments.map((segment) =>
    segment.free.includes(true) ? freeTemplate(segment, values) : undefined,
  );
  const parts = segments.map((segment, at) => free[at] ?? fixedTemplate(segment, values, mounted));
  return parts.filter((part, at) => part !== '*' || parts[at - 1] !== '*').join('/');
}

/** The template under which a layer took a path, `''` for the root; undefined where it cannot be known. */
export function mountTemplate(layer: Layer, match: Match): string | undefined {
  const { path, pattern } = match;
  if (path === '' || path === '/') return '';
  if (typeof pattern === 'string' || pattern instanceof RegExp) return String(pattern).replace(/\/+$/, '');
  const templates = known.get(layer) ?? new Map<string, RegExp | undefined>();
  known.set(layer, templates);
  for (const [template, expression] of templates) if (expression?.test(path)) return template;
  const template = derived(layer, match)?.replace(/\/+$/, '');
  if (template === undefined || templates.has(template)) return template;
  if (templates.size >= MAX_TEMPLATES) return undefined;
  templates.set(template, expressionOf(template));
  return template;
}

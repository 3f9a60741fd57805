import type { Path } from './layers.ts';

/** A path as it was written, as a text. */
export const textOf = (path: Path): string =>
  typeof path === 'string' || path instanceof RegExp ? String(path) : path.map(textOf).join('|');

/** The template of a path behind the templates of its mounts. */
export function joined(prefix: string, path: Path): string {
  const tail = textOf(path);
  if (prefix === '') return tail;
  return tail === '/' || tail === '' ? prefix : prefix + tail;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

/**
 * An expression for the paths that a template matches, in any case as Express has it; undefined where the template is
 * more than names and parameters (`:id`).
 */
export function expressionOf(template: Path): RegExp | undefined {
  if (typeof template !== 'string' || /[*?+(){}[\]\\|]/.test(template)) return undefined;
  const source = template
    .replace(/\/$/, '')
    .split(/(:\w+)/)
    .map((part) => (part.startsWith(':') ? '[^/?#]+' : escaped(part)))
    .join('');
  return new RegExp(`^${source}/?(?:[?#]|$)`, 'i');
}

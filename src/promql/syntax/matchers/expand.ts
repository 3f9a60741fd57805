const REFERENCE = /\$(?:\$|(\w+)|\{(\w+)\})/g;

/** A match whose groups a template refers to. */
export interface Groups {
  groupCount(): number;
  group(index: number): string | null;
}

/**
 * Puts groups of a match into `$1`, `${1}`, `$name`, `$$` as Go's regexp.Expand: unknown ones are empty. `check` gets
 * the length of the result before it is built, and throws where that is too much.
 */
export function expandReferences(
  template: string,
  groups: Groups,
  names: Readonly<Record<string, number>>,
  check: (chars: number) => void,
): string {
  let text = '';
  let from = 0;
  for (const { 0: whole, 1: bare, 2: braced, index } of template.matchAll(REFERENCE)) {
    const value = whole === '$$' ? '$' : groupNamed(bare ?? braced ?? '', groups, names);
    check(text.length + index - from + value.length);
    text += template.slice(from, index) + value;
    from = index + whole.length;
  }
  check(text.length + template.length - from);
  return text + template.slice(from);
}

function groupNamed(name: string, groups: Groups, names: Readonly<Record<string, number>>): string {
  const index = /^\d+$/.test(name) ? Number(name) : Object.hasOwn(names, name) ? names[name] : undefined;
  if (index === undefined || index > groups.groupCount()) return '';
  return groups.group(index) ?? '';
}

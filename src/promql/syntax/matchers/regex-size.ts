/** Beyond any program that is compiled; keeps products of repetitions finite. */
const HUGE = 1e12;
/** A class of Unicode (`\pL`, `[^\p{Greek}]`) has hundreds of ranges, each of which costs memory. */
const UNICODE_CLASS = 64;
/** Without case a range of a class is folded character by character; so many cost as much as an instruction. */
const FOLDED_PER_UNIT = 50;
const MAX_DEPTH = 1000; // of groups, as in RE2

const REPEAT = /\{(\d{1,6})(?:(,)(\d{1,6})?)?\}/y;
const FLAGS = /\?([a-zA-Z]*)(-[a-zA-Z]*)?([:)])/y;
const NAMED = /\?P?<[^>]*>/y;
const UNICODE = /\\[pP](?:\{[^}]*\}|.)/suy;
const HEX = /\\x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/y;

interface Frame {
  /** Of the alternatives that are complete. */
  total: number;
  /** Of the alternative that is being read. */
  current: number;
  /** Of its last part, which a repetition multiplies. */
  last: number;
  readonly captures: boolean;
}

/**
 * Upper bound of the instructions that an RE2 pattern compiles to, counted repetitions expanded, in one pass and
 * without memory: asked before the engine expands them. Of a malformed pattern any number.
 */
export function regexSize(pattern: string): number {
  const ignoresCase = /\(\?[a-zA-Z]*i/.test(pattern);
  const stack: Frame[] = [{ total: 2, current: 0, last: 0, captures: false }];
  let at = 0;
  const top = (): Frame => stack.at(-1)!;
  const part = (size: number): void => {
    const frame = top();
    frame.current = Math.min(HUGE, frame.current + size);
    frame.last = size;
  };
  const repeat = (size: (inner: number) => number): void => {
    const frame = top();
    const repeated = Math.min(HUGE, size(frame.last));
    frame.current = Math.min(HUGE, frame.current - frame.last + repeated);
    frame.last = repeated;
  };
  const matched = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    const found = expression.exec(pattern);
    if (found !== null) at = expression.lastIndex;
    return found;
  };
  while (at < pattern.length) {
    const char = pattern[at]!;
    switch (char) {
      case '(': {
        at++;
        const flags = matched(FLAGS);
        if (flags?.[3] === ')') break;
        if (flags === null) matched(NAMED);
        if (stack.length > MAX_DEPTH) return HUGE;
        stack.push({ total: 0, current: 0, last: 0, captures: flags === null });
        break;
      }
      case ')': {
        at++;
        const group = stack.length > 1 ? stack.pop()! : undefined;
        if (group !== undefined) part(Math.max(1, group.total + group.current + (group.captures ? 2 : 0)));
        break;
      }
      case '|': {
        at++;
        const frame = top();
        frame.total = Math.min(HUGE, frame.total + frame.current + 2);
        frame.current = 0;
        frame.last = 0;
        break;
      }
      case '*':
      case '+':
      case '?':
        at++;
        repeat((inner) => inner + 2);
        break;
      case '{': {
        const found = matched(REPEAT);
        if (found === null) {
          at++;
          part(1);
          break;
        }
        const [, least = '', comma, most] = found;
        const count = Math.max(1, Number(least), Number(most ?? 0));
        const isOpen = comma !== undefined && most === undefined;
        repeat((inner) => count * (inner + 1) + (isOpen ? inner + 2 : 2));
        break;
      }
      case '[':
        part(classSize());
        break;
      case '\\':
        part(escapeSize());
        break;
      default:
        // A surrogate pair is one character; counted as two.
        at++;
        part(1);
    }
  }
  return stack.reduce((sum, { total, current }) => Math.min(HUGE, sum + total + current + 2), 0);

  function escapeSize(): number {
    if (matched(UNICODE) !== null) return UNICODE_CLASS;
    if (pattern.startsWith(String.raw`\Q`, at)) {
      const end = pattern.indexOf(String.raw`\E`, at);
      const length = (end < 0 ? pattern.length : end) - at;
      at = end < 0 ? pattern.length : end + 2;
      return Math.max(1, length - 2);
    }
    if (matched(HEX) === null) at += 2;
    return 1;
  }

  /** A class from its opening bracket on. */
  function classSize(): number {
    let size = 1;
    let low: number | undefined;
    at += pattern[at + 1] === '^' ? 2 : 1;
    for (let isFirst = true; at < pattern.length; isFirst = false) {
      if (pattern[at] === ']' && !isFirst) {
        at++;
        break;
      }
      if (matched(UNICODE) !== null) {
        size += UNICODE_CLASS;
        low = undefined;
        continue;
      }
      if (pattern.startsWith('[:', at)) {
        const end = pattern.indexOf(':]', at);
        at = end < 0 ? at + 2 : end + 2;
        size++;
        low = undefined;
        continue;
      }
      if (pattern[at] === '-' && low !== undefined && pattern[at + 1] !== ']') {
        at++;
        const high = character();
        if (ignoresCase) size += Math.ceil(Math.max(0, high - low) / FOLDED_PER_UNIT);
        low = undefined;
        continue;
      }
      low = character();
      // Many single characters are a list that the engine keeps.
      size += 1 / 8;
    }
    return Math.ceil(size);
  }

  /** One character of a class, escaped or not, as its code point. */
  function character(): number {
    const hex = matched(HEX);
    if (hex !== null) return Number.parseInt(hex[1] ?? hex[2] ?? '0', 16);
    if (pattern[at] === '\\') at++;
    const code = pattern.codePointAt(at) ?? 0;
    at += code > 0xff_ff ? 2 : 1;
    return code;
  }
}

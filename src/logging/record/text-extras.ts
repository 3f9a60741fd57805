// Hot path: the extras of one record in the text form, read off their JSON character by character.

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
/** A key or a text like this needs no quotes. */
const SIMPLE = /^[\p{L}\p{N}_./:@+*()-]+$/u;
/** They are written below the line. */
const STACK = 'exception.stacktrace';

/** Position after the JSON string that begins at `from`. */
function endOfString(json: string, from: number): number {
  for (let at = from + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return json.length;
}

/** Position after the JSON value that begins at `from`. */
function endOfValue(json: string, from: number): number {
  let depth = 0;
  for (let at = from; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at) - 1;
      if (depth === 0) return at + 1;
    } else if (code === 123 || code === 91) {
      depth++;
    } else if (code === 125 || code === 93) {
      if (--depth === 0) return at + 1;
    } else if (code === COMMA && depth === 0) {
      return at;
    }
  }
  return json.length;
}

/** A JSON string without its quotes where nothing gets lost by that, anything else as it is. */
function plain(json: string, from: number, to: number): string {
  if (json.charCodeAt(from) !== QUOTE) return json.slice(from, to);
  const inside = json.slice(from + 1, to - 1);
  return SIMPLE.test(inside) ? inside : json.slice(from, to);
}

/**
 * The inside of a JSON object, `"user":"u1","ms":12`, as ` user=u1 ms=12` behind a message. Texts with blanks or signs
 * are in quotes, as JSON has them; nested values are JSON.
 */
export function textExtras(json: string): string {
  let text = '';
  for (let at = 0; at < json.length;) {
    const keyEnd = endOfString(json, at);
    const valueEnd = endOfValue(json, keyEnd + 1);
    const key = plain(json, at, keyEnd);
    if (key !== STACK) text += ` ${key}=${plain(json, keyEnd + 1, valueEnd)}`;
    at = valueEnd + 1;
  }
  return text;
}

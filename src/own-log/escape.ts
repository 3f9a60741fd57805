// A log line must stay one line, whatever a client sends (CWE-117): line breaks, other control characters and
// the escape character of terminal sequences become visible escapes, and so do the signs that are invisible or turn
// the direction of the text (Unicode, UAX 9), by which a line shows something else than it has.
const UNSAFE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/;
const UNSAFE_ALL = new RegExp(UNSAFE, 'g');

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text with every control character written as an escape, so that it cannot break out of its line. JSON stays the
 * same JSON: these characters are in its strings only.
 */
export function escapeLine(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replaceAll(
    UNSAFE_ALL,
    (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

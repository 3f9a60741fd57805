// A log line must stay one line, whatever a client sends (CWE-117): line breaks, other control characters and
// the escape character of terminal sequences become visible escapes.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex
const UNSAFE_ALL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with every control character written as an escape, so that it cannot break out of its line. */
export function escapeLine(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replaceAll(
    UNSAFE_ALL,
    (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

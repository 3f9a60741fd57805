export function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}

export function isDigit(char: string): boolean {
  return char >= '0' && char <= '9' && char.length === 1;
}

/** A letter that may begin a name: ASCII, or `_`. */
export function isAlpha(char: string): boolean {
  return char.length === 1 && ((char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_');
}

export function isAlphaNumeric(char: string): boolean {
  return isAlpha(char) || isDigit(char);
}

/** Which characters unquoted names of metrics and labels consist of. */
export interface NameRules {
  readonly isStart: (char: string) => boolean;
  readonly isPart: (char: string) => boolean;
}

const ASCII_NAMES: NameRules = { isStart: isAlpha, isPart: isAlphaNumeric };

function isLetter(char: string): boolean {
  return isAlpha(char) || (char > '\u007F' && /^\p{L}$/u.test(char));
}

const UTF8_NAMES: NameRules = {
  isStart: isLetter,
  isPart: (char) => isLetter(char) || isDigit(char) || char === '.',
};

/** The rules without and with Prometheus' feature flag `promql-unquoted-utf8-names` (promql/parser/lex.go). */
export function nameRules(unquotedUtf8: boolean): NameRules {
  return unquotedUtf8 ? UTF8_NAMES : ASCII_NAMES;
}

/** A character as Go's `%q` prints it: `'x'`. */
export function quoteChar(char: string): string {
  if (char === '') return "'\uFFFD'";
  if (char === "'" || char === '\\') return `'\\${char}'`;
  return `'${JSON.stringify(char).slice(1, -1).replace('\\"', '"')}'`;
}

/** A character as Go's `%#U` prints it: `U+0063 'c'`. */
export function nameChar(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code} '${char}'`;
}

/** What Go's `unicode.IsPrint` takes for printable: letters, marks, numbers, punctuation, symbols and the blank. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

const SHORT: Readonly<Record<string, string>> = {
  '\u0007': String.raw`\a`,
  '\b': String.raw`\b`,
  '\f': String.raw`\f`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
  '\v': String.raw`\v`,
  '\\': String.raw`\\`,
};

function escaped(char: string, quote: string, onlyAscii: boolean): string {
  if (char === quote) return `\\${char}`;
  const short = SHORT[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0)!;
  if (code < 0x80 ? PRINTABLE.test(char) : !onlyAscii && PRINTABLE.test(char)) return char;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code > 0xff_ff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

/** Go's `strconv.Quote`, or `QuoteToASCII`. */
export function goQuote(text: string, onlyAscii = false): string {
  const inner = Array.from(text.toWellFormed(), (char) => escaped(char, '"', onlyAscii)).join('');
  return `"${inner}"`;
}

/** Go's `strconv.QuoteRune`. */
export function goQuoteRune(char: string, onlyAscii = false): string {
  return `'${escaped(char, "'", onlyAscii)}'`;
}

/** A text in back quotes where Go can write it so. */
export function goBackquote(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000a-\u001f`\u007f\ufeff]/.test(text) ? goQuote(text) : `\`${text}\``;
}

const JS: Readonly<Record<string, string>> = {
  '\\': String.raw`\\`,
  "'": String.raw`\'`,
  '"': String.raw`\"`,
  '<': String.raw`\u003C`,
  '>': String.raw`\u003E`,
  '&': String.raw`\u0026`,
  '=': String.raw`\u003D`,
};

/** Go's `template.JSEscapeString`. */
export function jsEscape(text: string): string {
  return Array.from(text.toWellFormed(), (char) => {
    const known = JS[char];
    if (known !== undefined) return known;
    const code = char.codePointAt(0)!;
    if (code >= 0x20 && PRINTABLE.test(char)) return char;
    return code < 0x80 && code >= 0x20 ? char : `\\u${hex(code, 4).toUpperCase()}`;
  }).join('');
}

const HTML: Readonly<Record<string, string>> = {
  '\0': '\uFFFD',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** Go's `template.HTMLEscapeString`. */
export function htmlEscape(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000&<>"']/g, (char) => HTML[char] ?? char);
}

/** Go's `url.QueryEscape`. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()*]/g, (char) => `%${hex(char.charCodeAt(0), 2).toUpperCase()}`)
    .replaceAll('%20', '+');
}

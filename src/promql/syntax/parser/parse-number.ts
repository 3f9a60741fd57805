import { parseDuration } from '../durations.ts';
import type { Token } from '../lexer/token.ts';
import type { TokenStream } from '../lexer/token-stream.ts';

const INT64 = 2 ** 63;

/** Go's `strconv.ParseInt(text, 0, 64)`: a leading 0 makes an octal number. Undefined where that fails. */
function parseInteger(text: string): number | undefined {
  const digits = text.replaceAll('_', '');
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : undefined;
  if (octal === undefined && !/^(?:0x[0-9a-f]+|0|[1-9]\d*)$/i.test(digits)) return undefined;
  const value = Number(octal ?? digits);
  return value < INT64 ? value : undefined;
}

/** The value of a number token. */
export function numberOf(tokens: TokenStream, token: Token): number {
  if (/^inf$/i.test(token.text)) return Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(token.text)) return Number.NaN;
  const integer = parseInteger(token.text);
  if (integer !== undefined) return integer;
  const quoted = JSON.stringify(token.text);
  const value = /^0x/i.test(token.text) ? Number.NaN : Number(token.text.replaceAll('_', ''));
  if (Number.isNaN(value)) {
    tokens.fail(`error parsing number: strconv.ParseFloat: parsing ${quoted}: invalid syntax`, token);
  }
  if (!Number.isFinite(value)) {
    tokens.fail(`error parsing number: strconv.ParseFloat: parsing ${quoted}: value out of range`, token);
  }
  return value;
}

/** The seconds of a duration token. */
export function secondsOf(tokens: TokenStream, token: Token): number {
  const duration = parseDuration(token.text);
  return duration.ok ? duration.ms / 1000 : tokens.fail(duration.message, token);
}

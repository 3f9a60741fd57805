/** Numbers as Go prints them: label values, error texts and expressions of Prometheus contain such numbers. */

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return undefined;
}

/** Digits and decimal exponent of the shortest text that reads back as this value. */
function decompose(value: number): {
  readonly sign: string;
  readonly digits: string;
  readonly exponent: number;
} {
  const text = Math.abs(value).toExponential();
  const at = text.indexOf('e');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return { sign, digits: text.slice(0, at).replace('.', ''), exponent: Number(text.slice(at + 1)) };
}

function plain(sign: string, digits: string, exponent: number): string {
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** `strconv.FormatFloat(value, 'f', -1, 64)`: never an exponent. Used by `count_values`. */
export function formatPlain(value: number): string {
  const { sign, digits, exponent } = decompose(value);
  return special(value) ?? plain(sign, digits, exponent);
}

function scientific(value: number, firstExponent: number): string {
  const { sign, digits, exponent } = decompose(value);
  if (exponent >= -4 && exponent < firstExponent) return plain(sign, digits, exponent);
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${sign}${digits[0]!}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}

/** The exponent from which Go's format `g` writes one, where the shortest digits are wanted (strconv/ftoa.go, eprec). */
const G_EXPONENT = 6;

/**
 * `fmt.Sprintf("%g", value)`, and `%v`: an exponent below 1e-04 and from 1e+06 on. Used in warnings and errors of
 * PromQL.
 */
export function formatShort(value: number): string {
  return special(value) ?? scientific(value, G_EXPONENT);
}

/** `fmt.Sprintf("%f", value)`: six decimals, never an exponent. */
export function formatFixed(value: number): string {
  const isSmall = Math.abs(value) < 1e21; // toFixed writes an exponent from here on
  return special(value) ?? (isSmall ? value.toFixed(6) : `${BigInt(value)}.000000`);
}

/**
 * A bucket bound as Prometheus 3 writes it into the label `le`, whatever the exposition had: always with a point or
 * an exponent, `5.0`, `1e+06` (model/textparse, formatOpenMetricsFloat).
 */
export function formatBound(value: number): string {
  const text = special(value) ?? scientific(value, G_EXPONENT);
  return /[.eIN]/.test(text) ? text : `${text}.0`;
}

/** Decimal and hexadecimal forms of a float64 as Go's strconv writes them (ftoa.go), exact for any precision. */

interface Parts {
  readonly isNegative: boolean;
  /** The value is `mantissa * 2 ** exponent`. */
  readonly mantissa: bigint;
  readonly exponent: number;
}

function partsOf(value: number): Parts {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xf_ffff_ffff_ffffn;
  return {
    isNegative: raw >> 63n === 1n,
    mantissa: biased === 0 ? fraction : fraction | 0x10_0000_0000_0000n,
    exponent: (biased === 0 ? 1 : biased) - 1075,
  };
}

/** `numerator / denominator`, halves to the even number. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  const isUp = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

/** The magnitude times a power of ten as a whole number. */
function scaled({ mantissa, exponent }: Parts, tens: number): bigint {
  const numerator = mantissa * 2n ** BigInt(Math.max(0, exponent)) * 10n ** BigInt(Math.max(0, tens));
  return rounded(numerator, 2n ** BigInt(Math.max(0, -exponent)) * 10n ** BigInt(Math.max(0, -tens)));
}

export function formatNotFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

const sign = (value: number): string => (partsOf(value).isNegative ? '-' : '');

const exponentText = (exponent: number): string =>
  `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

/** `%f` with a number of digits behind the point. */
export function fixed(value: number, precision: number): string {
  const digits = scaled(partsOf(value), precision)
    .toString()
    .padStart(precision + 1, '0');
  const whole = digits.slice(0, digits.length - precision);
  return sign(value) + whole + (precision > 0 ? `.${digits.slice(-precision)}` : '');
}

interface Digits {
  readonly digits: string;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

/** So many significant digits. */
function significant(value: number, count: number): Digits {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  const exponent = Number(value.toExponential().split('e')[1]);
  const digits = scaled(partsOf(value), count - 1 - exponent).toString();
  // 9.99 with two digits is 10.
  return digits.length > count
    ? { digits: digits.slice(0, count), exponent: exponent + 1 }
    : { digits, exponent };
}

/** The fewest digits that read back as the same number. */
function shortest(value: number): Digits {
  const [digits = '', exponent = ''] = Math.abs(value).toExponential().split('e');
  return { digits: digits.replace('.', ''), exponent: Number(exponent) };
}

function withExponent(value: number, { digits, exponent }: Digits): string {
  const rest = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign(value)}${digits[0]!}${rest}e${exponentText(exponent)}`;
}

/** `%e`; without a precision the fewest digits. */
export function exponential(value: number, precision: number | undefined): string {
  return withExponent(value, precision === undefined ? shortest(value) : significant(value, precision + 1));
}

/** `%g`: plain where the exponent is small. Without a precision as `%v`: the fewest digits. */
export function general(value: number, precision: number | undefined): string {
  const count = precision === undefined ? undefined : Math.max(1, precision);
  const found = count === undefined ? shortest(value) : significant(value, count);
  const digits = found.digits.replace(/0+$/, '') || '0';
  const { exponent } = found;
  if (exponent < -4 || exponent >= (count ?? 21)) return withExponent(value, { digits, exponent });
  if (exponent < 0) return `${sign(value)}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return sign(value) + whole + (fraction === '' ? '' : `.${fraction}`);
}

const FRACTION_BITS = 52;

/** `%x`: hexadecimal mantissa, binary exponent. */
export function hexadecimal(value: number, precision: number | undefined): string {
  const parts = partsOf(value);
  let { mantissa } = parts;
  let exponent = parts.exponent + FRACTION_BITS;
  if (mantissa === 0n) exponent = 0;
  while (mantissa !== 0n && mantissa < 1n << BigInt(FRACTION_BITS)) {
    mantissa <<= 1n;
    exponent--;
  }
  if (precision !== undefined && precision < FRACTION_BITS / 4) {
    const unit = 1n << BigInt(FRACTION_BITS - 4 * precision);
    mantissa = rounded(mantissa, unit) * unit;
    if (mantissa >= 1n << BigInt(FRACTION_BITS + 1)) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const whole = mantissa >> BigInt(FRACTION_BITS);
  const fraction = (mantissa & ((1n << BigInt(FRACTION_BITS)) - 1n)).toString(16).padStart(13, '0');
  const digits =
    precision === undefined
      ? fraction.replace(/0+$/, '')
      : fraction.padEnd(precision, '0').slice(0, precision);
  return `${sign(value)}0x${whole}${digits === '' ? '' : `.${digits}`}p${exponentText(exponent)}`;
}

/** `%b`: the mantissa as a whole number and its binary exponent. */
export function binary(value: number): string {
  const { mantissa, exponent } = partsOf(value);
  return `${sign(value)}${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}

import { Duration, Time } from './go-time.ts';
import { formatFloat, formatValue, type GoValue, typeName } from './value.ts';

const VERB = /%(?:(%)|([-+# 0]*)(\d*)(?:\.(\d*))?(.?))/gsu;
/** Wider than any alert needs; keeps a width of a rule file from filling the memory. */
const MAX_WIDTH = 1000;

interface Spec {
  readonly flags: string;
  readonly precision: number | undefined;
  readonly verb: string;
}

function exponential(value: number, precision: number): string {
  return value.toExponential(Math.min(100, precision)).replace(/e([+-])(\d)$/, 'e$10$2');
}

function general(value: number, precision: number | undefined): string {
  if (precision === undefined) return formatFloat(value);
  const digits = Math.max(1, Math.min(100, precision));
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  if (exponent >= -4 && exponent < digits) return String(Number(value.toPrecision(digits)));
  return exponential(value, digits - 1).replace(/\.?0+e/, 'e');
}

function float(value: number, { flags, precision, verb }: Spec): string | undefined {
  const plus = flags.includes('+') && (value >= 0 || Number.isNaN(value)) ? '+' : '';
  if (!Number.isFinite(value)) return (plus + formatFloat(value)).replace('++', '+');
  switch (verb) {
    case 'f':
    case 'F':
      // Numbers from 1e21 on are written with an exponent by toFixed.
      return (
        plus +
        (Math.abs(value) < 1e21 ? value.toFixed(Math.min(100, precision ?? 6)) : BigInt(value).toString())
      );
    case 'e':
      return plus + exponential(value, precision ?? 6);
    case 'E':
      return plus + exponential(value, precision ?? 6).toUpperCase();
    case 'v':
    case 'g':
      return plus + general(value, precision);
    case 'G':
      return plus + general(value, precision).toUpperCase();
    default:
      return undefined;
  }
}

function integer(value: bigint, { flags, verb }: Spec): string | undefined {
  const plus = flags.includes('+') && value >= 0n ? '+' : '';
  const radix: Readonly<Record<string, number>> = { v: 10, d: 10, x: 16, X: 16, o: 8, b: 2 };
  if (verb === 'c') return String.fromCodePoint(Number(BigInt.asUintN(20, value)));
  if (verb === 'q') return `'${String.fromCodePoint(Number(BigInt.asUintN(20, value)))}'`;
  const base = radix[verb];
  if (base === undefined) return undefined;
  const prefix = flags.includes('#') && base === 16 ? '0x' : '';
  const digits = prefix + value.toString(base);
  return plus + (verb === 'X' ? digits.toUpperCase() : digits);
}

function text(value: string, { flags, precision, verb }: Spec): string | undefined {
  const cut = precision === undefined ? value : Array.from(value).slice(0, precision).join('');
  if (verb === 'v' || verb === 's') return verb === 'v' && flags.includes('#') ? JSON.stringify(cut) : cut;
  if (verb === 'q') return JSON.stringify(cut);
  if (verb === 'x' || verb === 'X') {
    const hex = Buffer.from(cut).toString('hex');
    return verb === 'X' ? hex.toUpperCase() : hex;
  }
  return undefined;
}

function one(value: GoValue, spec: Spec): string | undefined {
  if (typeof value === 'number') return float(value, spec);
  if (typeof value === 'bigint') return integer(value, spec);
  if (typeof value === 'string') return text(value, spec);
  if (typeof value === 'boolean') return spec.verb === 't' || spec.verb === 'v' ? String(value) : undefined;
  if (value instanceof Time || value instanceof Duration) return text(value.toString(), spec);
  return spec.verb === 'v' || spec.verb === 's' ? formatValue(value) : undefined;
}

function pad(body: string, flags: string, width: number): string {
  if (body.length >= width) return body;
  if (flags.includes('-')) return body.padEnd(width);
  if (!flags.includes('0') || !/^[+-]?\d/.test(body)) return body.padStart(width);
  const sign = /^[+-]/.exec(body)?.[0] ?? '';
  return sign + body.slice(sign.length).padStart(width - sign.length, '0');
}

/** Go's `fmt.Sprintf` for the values that templates have; a verb that does not fit prints Go's `%!verb(type=value)`. */
export function sprintf(format: string, args: readonly GoValue[]): string {
  let used = 0;
  const result = format.replaceAll(
    VERB,
    (_whole, percent?: string, flags = '', width = '', precision?: string, verb = '') => {
      if (percent !== undefined) return '%';
      if (verb === '') return '%!(NOVERB)';
      if (used >= args.length) return `%!${verb}(MISSING)`;
      const value = args[used++]!;
      const wanted = precision === undefined ? undefined : Math.min(MAX_WIDTH, Number(precision));
      const body = one(value, { flags, precision: wanted, verb });
      if (body === undefined) return `%!${verb}(${typeName(value)}=${formatValue(value)})`;
      return pad(body, flags, Math.min(MAX_WIDTH, Number(width)));
    },
  );
  if (used >= args.length) return result;
  const extra = args.slice(used).map((value) => `${typeName(value)}=${formatValue(value)}`);
  return `${result}%!(EXTRA ${extra.join(', ')})`;
}

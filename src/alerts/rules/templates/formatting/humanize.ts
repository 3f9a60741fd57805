/** `%.4g` of Go: four significant digits, an exponent where they do not reach the point. */
export function fourDigits(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponentText = ''] = value.toExponential(3).split('e');
  const exponent = Number(exponentText);
  const short = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  if (exponent < -4 || exponent >= 4) {
    return `${short}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return String(Number(value.toPrecision(4)));
}

const LARGE = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SMALL = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const BINARY = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];

function scaled(
  value: number,
  prefixes: readonly string[],
  factor: number,
  done: (abs: number) => boolean,
): string {
  let prefix = '';
  let rest = value;
  for (const next of prefixes) {
    if (done(Math.abs(rest))) break;
    prefix = next;
    rest *= factor;
  }
  return fourDigits(rest) + prefix;
}

const small = (value: number): string => scaled(value, SMALL, 1000, (abs) => abs >= 1);

/** 1234567 → `1.235M`, 0.12 → `120m` (Prometheus, template/template.go, as all in this file). */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return fourDigits(value);
  return Math.abs(value) >= 1 ? scaled(value, LARGE, 1 / 1000, (abs) => abs < 1000) : small(value);
}

/** 1048576 → `1Mi`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return fourDigits(value);
  return scaled(value, BINARY, 1 / 1024, (abs) => abs < 1024);
}

/** Seconds: 90000 → `1d 1h 0m 0s`, 0.1 → `100ms`. */
export function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return fourDigits(value);
  if (value === 0) return '0s';
  if (Math.abs(value) < 1) return `${small(value)}s`;
  const sign = value < 0 ? '-' : '';
  const abs = Math.abs(value);
  const whole = Math.trunc(abs);
  const seconds = whole % 60;
  const minutes = Math.trunc(whole / 60) % 60;
  const hours = Math.trunc(whole / 3600) % 24;
  const days = Math.trunc(whole / 86_400);
  if (days > 0) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours > 0) return `${sign}${hours}h ${minutes}m ${seconds}s`;
  if (minutes > 0) return `${sign}${minutes}m ${seconds}s`;
  return `${sign}${fourDigits(abs)}s`;
}

/** 0.1234567 → `12.35%`. */
export function humanizePercentage(value: number): string {
  return `${fourDigits(value * 100)}%`;
}

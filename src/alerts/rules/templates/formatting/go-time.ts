const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const two = (value: number): string => String(value).padStart(2, '0');

/** The elements of Go's reference time, `Mon Jan 2 15:04:05 MST 2006`, the longer before the shorter. */
const LAYOUT =
  /January|Jan|Monday|Mon|MST|2006|Z07:00|Z0700|-07:00|-0700|-07|\.0+|\.9+|01|02|03|04|05|06|_2|15|PM|pm|1|2|3|4|5/g;

function element(name: string, time: Time): string {
  const date = time.date;
  const hour12 = date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12;
  const month = MONTHS[date.getUTCMonth()]!;
  const day = DAYS[date.getUTCDay()]!;
  if (/^\.[09]/.test(name)) {
    const digits = String(time.nanos)
      .padStart(9, '0')
      .slice(0, name.length - 1);
    const kept = name[1] === '9' ? digits.replace(/0+$/, '') : digits;
    return kept === '' ? '' : `.${kept}`;
  }
  const elements: Readonly<Record<string, string>> = {
    January: month,
    Jan: month.slice(0, 3),
    '01': two(date.getUTCMonth() + 1),
    '1': String(date.getUTCMonth() + 1),
    Monday: day,
    Mon: day.slice(0, 3),
    '02': two(date.getUTCDate()),
    _2: String(date.getUTCDate()).padStart(2, ' '),
    '2': String(date.getUTCDate()),
    '15': two(date.getUTCHours()),
    '03': two(hour12),
    '3': String(hour12),
    '04': two(date.getUTCMinutes()),
    '4': String(date.getUTCMinutes()),
    '05': two(date.getUTCSeconds()),
    '5': String(date.getUTCSeconds()),
    '2006': String(date.getUTCFullYear()).padStart(4, '0'),
    '06': two(date.getUTCFullYear() % 100),
    PM: date.getUTCHours() < 12 ? 'AM' : 'PM',
    pm: date.getUTCHours() < 12 ? 'am' : 'pm',
    MST: 'UTC',
    'Z07:00': 'Z',
    Z0700: 'Z',
    '-07:00': '+00:00',
    '-0700': '+0000',
    '-07': '+00',
  };
  return elements[name] ?? name;
}

/** A point in time in UTC, as Go's `time.Time`: whole milliseconds and the nanoseconds inside the second. */
export class Time {
  readonly date: Date;
  readonly nanos: number;

  constructor(seconds: number) {
    // Prometheus converts to nanoseconds in a float64, and these to whole milliseconds, towards zero.
    this.date = new Date(Math.trunc(Math.trunc(seconds * 1e9) / 1e6));
    this.nanos = (((this.date.getTime() % 1000) + 1000) % 1000) * 1_000_000;
  }

  get seconds(): number {
    return Math.floor(this.date.getTime() / 1000);
  }

  /** Formats by an example of Go's reference time, such as `2006-01-02 15:04`. */
  format(layout: string): string {
    return layout.replaceAll(LAYOUT, (name) => element(name, this));
  }

  toString(): string {
    return this.format('2006-01-02 15:04:05.999999999 -0700 MST');
  }
}

/** A length of time, printed as Go does: `1h2m3.5s`, `150ms`. */
export class Duration {
  readonly seconds: number;

  constructor(seconds: number) {
    // What nanoseconds of 64 bits cannot hold becomes the least of them.
    this.seconds = Math.abs(seconds) * 1e9 < 2 ** 63 ? seconds : -(2 ** 63) / 1e9;
  }

  toString(): string {
    const sign = this.seconds < 0 ? '-' : '';
    const abs = Math.abs(this.seconds);
    if (abs === 0) return '0s';
    const short = (value: number, unit: string): string =>
      `${sign}${String(Number(value.toFixed(6)))}${unit}`;
    if (abs < 1e-6) return short(abs * 1e9, 'ns');
    if (abs < 1e-3) return short(abs * 1e6, 'µs');
    if (abs < 1) return short(abs * 1e3, 'ms');
    const hours = Math.floor(abs / 3600);
    const minutes = Math.floor(abs / 60) % 60;
    const seconds = `${String(Number((abs % 60).toFixed(9)))}s`;
    if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
    return minutes > 0 ? `${sign}${minutes}m${seconds}` : sign + seconds;
  }
}

// Hot path: each record asks for its day and its asctime; both are kept for the millisecond and day last asked.

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
const three = (value: number): string =>
  value < 10 ? `00${value}` : value < 100 ? `0${value}` : String(value);

/** The day of the record in local time, as in the names of the daily files: `20261123`. */
export function localDay(atMs: number): string {
  const date = new Date(atMs);
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
}

/** Python's default `asctime` in local time: `2026-11-23 20:15:00,123` (logging.Formatter.default_msec_format). */
export function asctime(atMs: number): string {
  const date = new Date(atMs);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time},${three(date.getMilliseconds())}`;
}

/**
 * Python's `datetime.utcnow().isoformat()`: UTC, microseconds, no offset (`2026-11-23T19:15:00.123456`).
 * The six digits are always there, so that lines sort as text.
 */
export function isoUtc(atMs: number, subMs: number): string {
  const micros = Math.floor(subMs / 1000);
  return new Date(atMs).toISOString().slice(0, -1) + three(micros);
}

/** `localDay` that computes once a second and not once a record: the time zone can change while a process runs. */
export function createLocalDay(): (atMs: number) => string {
  let second = Number.NaN;
  let day = '';
  return (atMs) => {
    const atSecond = Math.floor(atMs / 1000);
    if (atSecond !== second) {
      second = atSecond;
      day = localDay(atMs);
    }
    return day;
  };
}

/** `asctime` that computes the part up to the second once a second. */
export function createAsctime(): (atMs: number) => string {
  let second = Number.NaN;
  let prefix = '';
  return (atMs) => {
    const ms = ((atMs % 1000) + 1000) % 1000;
    const atSecond = atMs - ms;
    if (atSecond !== second) {
      second = atSecond;
      prefix = asctime(atSecond).slice(0, -3);
    }
    return prefix + three(ms);
  };
}

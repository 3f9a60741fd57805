const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
const three = (value: number): string =>
  value < 10 ? `00${value}` : value < 100 ? `0${value}` : String(value);

/** The day of the record in local time, as it stands in the names of the daily files: `20261123`. */
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

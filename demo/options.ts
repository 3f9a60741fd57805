import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Run time; undefined: until Ctrl-C. */
  readonly forMs: number | undefined;
  /** The last line printed is one JSON object. */
  readonly json: boolean;
}

/** Long enough for an alert to fire and resolve. */
const SHORTEST_MS = 30_000;
const LONGEST_MS = 24 * 3_600_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

export const usage = `npm run demo [-- --for <duration>] [--json]

  --for <duration>  stop after this time, 30s or more (40s, 5m); the exit code is 0
                    only if every stage received data
  --json            the last line is {"stages": {...}, "ok": ...}
`;

function durationMs(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  if (ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw new Error(`--for: expected a duration of 30s or more such as 40s or 5m, got "${text}"`);
}

/** Reads the command line; `undefined` asks for the usage. Throws an error with a user-facing message. */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: { for: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return undefined;
  return { forMs: values.for === undefined ? undefined : durationMs(values.for), json: values.json ?? false };
}

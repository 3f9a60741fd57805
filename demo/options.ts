import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Ends by itself after this long; undefined: until Ctrl-C. */
  readonly forMs: number | undefined;
  /** The last line printed is one JSON object. */
  readonly json: boolean;
}

/** An alert fires and resolves well within this time. */
const SHORTEST_MS = 30_000;
const LONGEST_MS = 24 * 3_600_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

export const usage = `npm run demo [-- --for <duration>] [--json]

  --for <duration>  end after this long, 30s or more (40s, 5m), with exit code 0
                    exactly when every stage carried something
  --json            the last line printed is {"stages": {...}, "ok": ...}
`;

function durationMs(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  if (ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw new Error(`--for: expected a duration of 30s or more such as 40s or 5m, got "${text}"`);
}

/** Reads the command line; `undefined` asks for the usage. Throws with a text for people. */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: { for: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return undefined;
  return { forMs: values.for === undefined ? undefined : durationMs(values.for), json: values.json ?? false };
}

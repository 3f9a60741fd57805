import { formatRfc3339 } from '../../time/rfc3339.ts';
import { appendFileSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { localDay } from '../../time/timestamps.ts';

/** Beyond this the oldest of what was refused goes. */
const MAX_BYTES = 67_108_864;
const NAME = /^refused_\d{8}\.jsonl$/;

export const refusedDir = (spoolDir: string): string => join(spoolDir, 'refused');

function bound(dir: string): void {
  const files = readdirSync(dir)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => ({ path: join(dir, name), bytes: statSync(join(dir, name)).size }));
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of files.slice(0, -1)) {
    if (total <= MAX_BYTES) return;
    unlinkSync(path);
    total -= bytes;
  }
}

/**
 * Keeps records aside that the collector refused for good: `<spool>/refused/refused_<YYYYMMDD>.jsonl`, for each
 * batch a line that says why, then the lines of the records. Throws the system's error.
 */
export function keepRefused(
  spoolDir: string,
  why: { readonly reason: string; readonly rejected: number; readonly resource: unknown },
  lines: readonly string[],
  nowMs: number,
): string {
  const dir = refusedDir(spoolDir);
  mkdirSync(dir, { recursive: true, mode: 0o750 });
  const path = join(dir, `refused_${localDay(nowMs)}.jsonl`);
  const head = JSON.stringify({
    refused: why.rejected,
    of: lines.length,
    reason: why.reason,
    at: formatRfc3339(nowMs),
    resource: why.resource,
  });
  appendFileSync(path, `${head}\n${lines.join('\n')}\n`, { mode: 0o640 });
  bound(dir);
  return path;
}

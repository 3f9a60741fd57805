import { join } from 'node:path';
import { formatRfc3339 } from '../../time/rfc3339.ts';
import { localDay } from '../../time/timestamps.ts';
import { makeFolderWithin } from '../../files/make-folder.ts';
import { unlinkQuietly } from '../../files/disk.ts';
import { appendWhole } from '../../files/write-all.ts';
import type { SpoolFolder } from '../../spool/spool-folder.ts';

/** Beyond this the oldest of what was refused goes. */
const MAX_BYTES = 67_108_864;
const NAME = /^refused_\d{8}\.jsonl$/;

export const refusedDir = (spoolDir: string): string => join(spoolDir, 'refused');

function bound({ disk }: SpoolFolder, dir: string): void {
  const files = disk
    .list(dir)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => ({ path: join(dir, name), bytes: disk.stat(join(dir, name))?.size ?? 0 }));
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of files.slice(0, -1)) {
    if (total <= MAX_BYTES) return;
    if (unlinkQuietly(disk, path)) total -= bytes;
  }
}

/**
 * Keeps records aside that the collector refused for good: `<spool>/refused/refused_<YYYYMMDD>.jsonl`, for each
 * batch a line with the reason, then the lines of the records. Throws the system's error; then none of them is kept.
 */
export function keepRefused(
  folder: SpoolFolder,
  why: { readonly reason: string; readonly rejected: number; readonly resource: unknown },
  lines: readonly string[],
  nowMs: number,
): string {
  const dir = refusedDir(folder.dir);
  makeFolderWithin(folder.disk, folder.dir, dir);
  const path = join(dir, `refused_${localDay(nowMs)}.jsonl`);
  const head = JSON.stringify({
    refused: why.rejected,
    of: lines.length,
    reason: why.reason,
    at: formatRfc3339(nowMs),
    resource: why.resource,
  });
  appendWhole(folder.disk, path, `${head}\n${lines.join('\n')}\n`);
  try {
    bound(folder, dir);
  } catch {
    // They are kept; the next ones bound the folder again.
  }
  return path;
}

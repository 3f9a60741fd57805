import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { localDay } from '../../time/timestamps.ts';

const DAILY_FILE = /^([A-Za-z0-9._-]+)_(\d{8})\.log$/;
const DAY_MS = 86_400_000;

/**
 * Deletes the daily files of the loggers `names` that are older than `days`, and returns their paths. Files of
 * other names stay, also when they look alike: the folder may be shared with other programs.
 */
export function deleteOldFiles(
  dir: string,
  names: ReadonlySet<string>,
  days: number,
  nowMs: number,
): readonly string[] {
  const oldestKept = localDay(nowMs - days * DAY_MS);
  const deleted: string[] = [];
  let entries: string[];
  try {
    entries = readdirSync(dir);
  } catch {
    return deleted;
  }
  for (const entry of entries) {
    const match = DAILY_FILE.exec(entry);
    if (!match || !names.has(match[1] ?? '') || (match[2] ?? '') >= oldestKept) continue;
    try {
      unlinkSync(join(dir, entry));
      deleted.push(join(dir, entry));
    } catch {
      // Another process was quicker, or may not: the next day tries again.
    }
  }
  return deleted;
}

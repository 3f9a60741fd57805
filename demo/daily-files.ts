import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DAILY_FILE = /^\w+_\d{8}\.log$/;

/** Lines in the daily files of a log folder; none while the folder does not exist. */
export function countLines(folder: string): number {
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder).filter((name) => DAILY_FILE.test(name));
  } catch {
    return 0;
  }
  return names.reduce(
    (sum, name) => sum + readFileSync(join(folder, name), 'utf8').split('\n').length - 1,
    0,
  );
}

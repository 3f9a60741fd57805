import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleFiles } from './load-rules.ts';

/** Rule files on disk. */
export const ruleFilesOnDisk: RuleFiles = {
  readFile: (path) => readFileSync(path, 'utf8'),
  listFolder(path) {
    if (!statSync(path).isDirectory()) return undefined;
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => join(path, name));
  },
};

import { readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { realDisk } from '../../files/disk.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeWhole } from '../../files/write-whole.ts';

/** Where the state of alerts and notifications survives a restart. Methods throw as `node:fs` does. */
export interface StateFile {
  readonly path: string;
  /** The text last saved; undefined when there is none. */
  load(): string | undefined;
  /** Replaces the text as a whole: after a crash the file holds the old text or the new one, never a part. */
  save(text: string): void;
  /** Renames a file that cannot be used, so that it can be looked at; answers its new path. */
  setAside(): string;
}

/** A state file on disk. */
export function createStateFile(path: string): StateFile {
  return {
    path,
    load() {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    save(text) {
      makeFolder(realDisk, dirname(path));
      writeWhole(path, text, { mode: 0o600 });
    },
    setAside() {
      const kept = `${path}.unusable`;
      renameSync(path, kept);
      return kept;
    },
  };
}

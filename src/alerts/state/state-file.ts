import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

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

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  // A write to a nearly full disk can be short.
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}

/** A state file on disk, written through a temporary file beside it (rename(2) is atomic within a folder). */
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
      mkdirSync(dirname(path), { recursive: true });
      const temporary = `${path}.tmp`;
      const descriptor = openSync(temporary, 'w', 0o600);
      try {
        writeAll(descriptor, text);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(temporary, path);
    },
    setAside() {
      const aside = `${path}.unusable`;
      renameSync(path, aside);
      return aside;
    },
  };
}

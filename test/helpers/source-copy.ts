import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

const root = join(import.meta.dirname, '..', '..');

/** A copy of src/ that can be edited, compiled and run: a recipe of ARCHITECTURE.md is followed in it. */
export class SourceCopy {
  readonly folder = temporaryFolder('recipe');

  constructor() {
    cpSync(join(root, 'src'), join(this.folder, 'src'), { recursive: true });
    for (const file of ['package.json', 'tsconfig.json']) {
      copyFileSync(join(root, file), join(this.folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Adds a file. */
  add(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text, { flag: 'wx' });
  }

  /** Adds lines behind a line of a file that occurs once. */
  insertAfter(path: string, line: string, added: string): void {
    const file = join(this.folder, path);
    const parts = readFileSync(file, 'utf8').split(`${line}\n`);
    if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} lines "${line}"`);
    writeFileSync(file, `${parts[0]}${line}\n${added}\n${parts[1]}`);
  }

  /** What the compiler reports; empty when all is well. */
  compile(): string {
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    const { stdout, stderr, error } = spawnSync(tsc, ['-p', '.'], {
      cwd: this.folder,
      encoding: 'utf8',
      timeout: 50_000,
    });
    if (error !== undefined) throw error;
    return stdout + stderr;
  }

  /** Runs a module that imports from `./src/…` and returns what it prints. */
  run(module: string): string {
    const { stdout, stderr, status, error } = spawnSync(
      process.execPath,
      ['--input-type=module-typescript', '--eval', module],
      { cwd: this.folder, encoding: 'utf8', timeout: 50_000 },
    );
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`the module ended with ${status}: ${stderr}`);
    return stdout;
  }
}

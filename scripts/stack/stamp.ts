import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { programPath, programs, repository, stackFolder, type ProgramName } from './programs.ts';

function inputs(name: ProgramName): readonly string[] {
  const { recipe } = programs[name];
  switch (recipe.kind) {
    case 'install':
      return [];
    case 'collector':
      return [join(repository, recipe.manifest)];
    case 'module': {
      const folder = join(repository, recipe.folder);
      return readdirSync(folder)
        .sort()
        .map((file) => join(folder, file));
    }
  }
}

/** A digest of everything that decides what is built: the row of the table and the files that it names. */
export function recipeDigest(name: ProgramName): string {
  const hash = createHash('sha256').update(JSON.stringify([programs[name], process.platform, process.arch]));
  for (const path of inputs(name)) hash.update(basename(path)).update(readFileSync(path));
  return hash.digest('hex');
}

const stampPath = (name: ProgramName): string => join(stackFolder, 'stamps', name);

/** Whether the program is built from its current recipe. */
export function isBuilt(name: ProgramName): boolean {
  if (!existsSync(programPath(name)) || !existsSync(stampPath(name))) return false;
  return readFileSync(stampPath(name), 'utf8') === recipeDigest(name);
}

/** Records that the program was built from the recipe with this digest. */
export function setStamp(name: ProgramName, digest: string): void {
  mkdirSync(dirname(stampPath(name)), { recursive: true });
  writeFileSync(stampPath(name), digest);
}

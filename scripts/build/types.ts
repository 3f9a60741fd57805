import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Declarations of what package.json exports. */
const ENTRIES = ['index.d.ts', 'register.d.ts'];

/** The path of a relative import; declarations keep the `.ts` of the sources, which no consumer has. */
const RELATIVE = /((?:from|import\()\s*['"]\.{1,2}\/[^'"]*?)\.ts(['"])/g;
/** An import without names brings no types. */
const BARE = /^import ['"]\.{1,2}\/[^'"]*['"];\n/gm;

/** The relative imports of a declaration, as paths of declarations. */
function importsOf(file: string, text: string): string[] {
  const paths = Array.from(text.matchAll(RELATIVE), ([, found = '']) => found.slice(found.indexOf('.')));
  return paths.map((path) => join(dirname(file), `${path}.d.ts`));
}

/**
 * Writes the types of the public entries: `.d.ts` for `import`, and a copy of each as `.d.cts` for `require`, because
 * TypeScript requires it for the CommonJS entries of a package with `"type": "module"`.
 */
export async function writeTypes(root: string, dir: string): Promise<void> {
  const all = join(dir, 'all-types');
  const types = join(dir, 'types');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', join(root, 'scripts/build/tsconfig.types.json'), '--outDir', all]);
  const reached = new Set(ENTRIES);
  for (const file of reached) {
    const text = readFileSync(join(all, file), 'utf8').replaceAll(BARE, '');
    importsOf(file, text).forEach((path) => reached.add(path));
    mkdirSync(dirname(join(types, file)), { recursive: true });
    writeFileSync(join(types, file), text.replaceAll(RELATIVE, '$1.js$2'));
    writeFileSync(join(types, file.replace(/\.d\.ts$/, '.d.cts')), text.replaceAll(RELATIVE, '$1.cjs$2'));
  }
  rmSync(all, { recursive: true });
}

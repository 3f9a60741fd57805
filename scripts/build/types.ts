import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The path of a relative import; declarations keep the `.ts` of the sources, which no consumer has. */
const RELATIVE = /((?:from|import\()\s*['"]\.{1,2}\/[^'"]*?)\.ts(['"])/g;

/**
 * Writes what the public entries need of types: `.d.ts` for `import` and beside each the same as `.d.cts` for
 * `require`, because a package of `"type": "module"` has no other way to tell TypeScript of its CommonJS half.
 */
export async function writeTypes(root: string, dir: string): Promise<void> {
  const types = join(dir, 'types');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [
    tsc,
    '-p',
    join(root, 'scripts/build/tsconfig.types.json'),
    '--outDir',
    types,
  ]);
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(join(types, file), 'utf8');
    writeFileSync(join(types, file), text.replaceAll(RELATIVE, '$1.js$2'));
    writeFileSync(join(types, file.replace(/\.d\.ts$/, '.d.cts')), text.replaceAll(RELATIVE, '$1.cjs$2'));
  }
}

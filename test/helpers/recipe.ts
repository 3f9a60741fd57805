import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeBundles } from '../../scripts/build/bundles.ts';
import { REPOSITORY } from './service.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What a recipe of ARCHITECTURE.md asks for: one new file, and one line in a table. */
export interface Recipe {
  /** Below src/. */
  readonly file: string;
  readonly text: string;
  /** The table, below src/. */
  readonly table: string;
  /** What the new file exports. */
  readonly row: string;
}

function addRow(path: string, { file, table, row }: Recipe): void {
  const from = file.startsWith(`${dirname(table)}/`)
    ? `./${file.slice(dirname(table).length + 1)}`
    : `./${file}`;
  const text = readFileSync(path, 'utf8');
  const end = text.lastIndexOf('];');
  const separator = text.slice(0, end).trimEnd().endsWith(',') ? '' : ', ';
  writeFileSync(
    path,
    `import { ${row} } from '${from}';\n${text.slice(0, end)}${separator}${row}${text.slice(end)}`,
  );
}

/** The package with the recipe followed, type-checked and built; the path of its preload. */
export async function builtWith(recipe: Recipe): Promise<string> {
  const root = temporaryFolder('recipe');
  for (const name of ['src', 'tsconfig.json', 'package.json'])
    cpSync(join(REPOSITORY, name), join(root, name), { recursive: true });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  const file = join(root, 'src', recipe.file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, recipe.text, { flag: 'wx' });
  addRow(join(root, 'src', recipe.table), recipe);
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', root], {
    stdio: 'pipe',
  });
  const dist = join(root, 'dist');
  mkdirSync(dist);
  await writeBundles(root, dist);
  return join(dist, 'register.cjs');
}

/** A folder with a program and the packages that it uses. */
export function programWith(program: string, packages: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder('recipe-program');
  writeFileSync(join(folder, 'app.cjs'), program);
  for (const [name, text] of Object.entries(packages)) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(
      join(folder, 'node_modules', name, 'package.json'),
      JSON.stringify({ name, version: '3.1.0' }),
    );
    writeFileSync(join(folder, 'node_modules', name, 'index.js'), text);
  }
  return folder;
}

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { runGo, type GoRun } from './go.ts';
import { programPath, programs, repository, stackFolder, type ProgramName, type Recipe } from './programs.ts';
import { recipeDigest, setStamp } from './stamp.ts';

type RunGo = (run: GoRun) => Promise<void>;

const EXECUTABLE = process.platform === 'win32' ? '.exe' : '';
/** Without local paths and symbol tables, which saves a third. */
const flags = (linkFlags = ''): readonly string[] => ['-trimpath', `-ldflags=-s -w ${linkFlags}`.trimEnd()];

async function install(
  go: RunGo,
  from: string,
  linkFlags: string | undefined,
  folder: string,
): Promise<string> {
  const args = ['install', '-v', ...flags(linkFlags), from];
  await go({ args, cwd: folder, env: { GOBIN: folder } });
  const name = from.slice(from.lastIndexOf('/') + 1, from.lastIndexOf('@'));
  return join(folder, name + EXECUTABLE);
}

async function buildCollector(
  go: RunGo,
  recipe: Extract<Recipe, { kind: 'collector' }>,
  folder: string,
): Promise<string> {
  const builder = await install(go, `${recipe.builder}@${recipe.version}`, undefined, folder);
  const manifest = parseDocument(readFileSync(join(repository, recipe.manifest), 'utf8'));
  const output = join(folder, 'output');
  manifest.setIn(['dist', 'output_path'], output);
  const config = join(folder, 'manifest.yaml');
  writeFileSync(config, manifest.toString());
  await go({ program: builder, args: ['--config', config, '--verbose'], cwd: folder });
  return join(output, String(manifest.getIn(['dist', 'name'])) + EXECUTABLE);
}

/** Builds in a separate folder and returns the path of the result. */
async function build(go: RunGo, recipe: Recipe, folder: string): Promise<string> {
  switch (recipe.kind) {
    case 'install':
      return install(go, `${recipe.package}@${recipe.version}`, recipe.linkFlags, folder);
    case 'collector':
      return buildCollector(go, recipe, folder);
    case 'module': {
      const output = join(folder, `program${EXECUTABLE}`);
      const args = ['build', '-v', '-mod=readonly', ...flags(), '-o', output, recipe.package];
      await go({ args, cwd: join(repository, recipe.folder) });
      return output;
    }
  }
}

/**
 * Builds one program into `.stack/bin` and stamps it. The old program stays until the new one is complete, so
 * that an interrupted build can be restarted; Go's cache keeps what was compiled.
 */
export async function buildProgram(
  name: ProgramName,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  const digest = recipeDigest(name);
  const folder = join(stackFolder, 'build', `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const built = await build(async (run) => runGo(run, signal, onLine), programs[name].recipe, folder);
    mkdirSync(dirname(programPath(name)), { recursive: true });
    renameSync(built, programPath(name));
    setStamp(name, digest);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

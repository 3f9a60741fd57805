/**
 * Builds what is published: `dist/` with the preload, the agent and the public API in small shared chunks of
 * CommonJS, the monitor as one file of its own, the command line, maps and types.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Loaded from node_modules when asked for, never bundled. */
const external = [/^node:/, '@opentelemetry/sdk-node', /^osx-temperature-sensor$/];

async function bundle(input: Record<string, string>, shared: boolean): Promise<void> {
  const build = await rolldown({
    cwd: root,
    input,
    external,
    platform: 'node',
    resolve: { conditionNames: ['node', 'import', 'module', 'default'] },
    treeshake: true,
    logLevel: 'warn',
  });
  await build.write({
    dir: dist,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'shared-[name].cjs',
    sourcemap: true,
    exports: 'named',
    minify: false,
    ...(shared ? {} : { codeSplitting: false }),
  });
  await build.close();
}

/** One namespace for `import`: the same module instance as `require` gives, so that both share one agent. */
function writeEsmWrapper(names: readonly string[]): void {
  const list = names.join(', ');
  writeFileSync(join(dist, 'index.mjs'), `import api from './index.cjs';\nexport const { ${list} } = api;\n`);
}

/** tsc writes `.d.ts` with `.ts` imports; a consumer needs `.js` for ES modules and `.cts`/`.cjs` for CommonJS. */
function writeTypes(): void {
  const types = join(dist, 'types');
  execFileSync(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    ...[
      '-p',
      root,
      '--noEmit',
      'false',
      '--emitDeclarationOnly',
      '--rewriteRelativeImportExtensions',
      '--outDir',
      types,
    ],
  ]);
  const files = readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.d.ts'),
  );
  for (const file of files) {
    const text = readFileSync(join(types, file), 'utf8');
    const relative = /((?:from|import\()\s*['"]\.{1,2}\/[^'"]*?)\.(?:ts|js)(['"])/g;
    writeFileSync(join(types, file), text.replaceAll(relative, '$1.js$2'));
    writeFileSync(join(types, file.replace(/\.d\.ts$/, '.d.cts')), text.replaceAll(relative, '$1.cjs$2'));
  }
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await bundle(
  {
    register: 'src/register.ts',
    preload: 'src/agent/preload-entry.ts',
    agent: 'src/agent/entry.ts',
    index: 'src/index.ts',
  },
  true,
);
await bundle({ monitor: 'src/monitor/main.ts' }, false);
const { createRequire } = await import('node:module');
writeEsmWrapper(Object.keys(createRequire(import.meta.url)(join(dist, 'index.cjs')) as object));
writeTypes();
void cpSync;
void renameSync;

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { loadedLater, REQUIRED_LATER } from './loaded-later.ts';
import { modifications } from './modifications.ts';

/** Loaded from node_modules when asked for, never bundled. */
const EXTERNAL = [/^node:/, /^@opentelemetry\/sdk-node$/, /^osx-temperature-sensor$/, /^\.\/vendor\//];

/** In syntax that any Node parses. */
const REGISTER_ENTRIES = { register: 'src/register.ts' };
/** What the service's thread loads, in chunks that its entries share. */
const AGENT_ENTRIES = {
  preload: 'src/agent/preload-entry.ts',
  agent: 'src/agent/entry.ts',
  thread: 'src/agent/worker-thread.ts',
  report: 'src/agent/report.ts',
  index: 'src/index.ts',
};
/** What the monitor's thread loads: one file, so that a worker starts with one read. */
const MONITOR_ENTRIES = { monitor: 'src/monitor/main.ts' };
/** The command line: each command is a chunk of its own, read when it is asked for. */
const CLI_ENTRIES = { cli: 'src/cli/main.ts' };

/**
 * V8 keeps a source with a single character beyond Latin-1 in two bytes per character: 2 MB more for the monitor.
 * The escape means the same in strings, templates, regular expressions and names.
 */
function asciiOnly(file: string): void {
  const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/[^\0-\x7f]/g, escaped));
}

/** `process.getBuiltinModule` as the preload found it, kept for what is loaded later. */
const BUILTIN = "(globalThis[Symbol.for('geometra.monitoring.builtin')] ??= process.getBuiltinModule)";

/**
 * Node's own modules past the hooks of instrumentations that are loaded after the preload: these patch what is required
 * first, such as `net`, and would make spans that they do not make without us.
 */
function builtinsUnhooked(file: string): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/\brequire\(("node:[\w/]+")\)/g, `${BUILTIN}($1)`));
}

/** What a bundle is: its entries, and whether they share chunks, named with a prefix of their own. */
interface Bundle {
  readonly input: Readonly<Record<string, string>>;
  readonly format: 'cjs' | 'es';
  readonly chunks: string | undefined;
}

async function bundle(root: string, dir: string, options: Bundle): Promise<string[]> {
  const { input, format, chunks } = options;
  const extension = format === 'cjs' ? 'cjs' : 'mjs';
  const build = await rolldown({
    cwd: root,
    input,
    external: EXTERNAL,
    platform: 'node',
    resolve: { conditionNames: ['node', 'import', 'module', 'default'] },
    plugins: [...modifications.map(({ plugin }) => plugin), loadedLater],
    treeshake: true,
    logLevel: 'warn',
  });
  const { output } = await build.write({
    dir,
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `${chunks ?? 'chunk'}-[name].${extension}`,
    exports: 'named',
    // Lines, blanks and names stay, so that stacks can be read without maps, which were larger than all the code.
    minify: false,
    comments: { legal: true, annotation: false, jsdoc: false },
    ...(chunks === undefined && { codeSplitting: false }),
  });
  await build.close();
  for (const file of output) {
    if (file.type !== 'chunk') continue;
    asciiOnly(join(dir, file.fileName));
    if (input === AGENT_ENTRIES) builtinsUnhooked(join(dir, file.fileName));
  }
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}

/** One namespace for `import`: the same module instance as `require` gives, so that both share one agent. */
function writeEsmWrapper(dir: string): void {
  const api = createRequire(import.meta.url)(join(dir, 'index.cjs')) as object;
  const names = Object.keys(api).join(', ');
  writeFileSync(join(dir, 'index.mjs'), `import api from './index.cjs';\nexport const { ${names} } = api;\n`);
}

/** Writes the bundles of agent, monitor and command line; returns the files that went into them. */
export async function writeBundles(root: string, dir: string): Promise<readonly string[]> {
  const files = await Promise.all([
    bundle(root, dir, { input: REGISTER_ENTRIES, format: 'cjs', chunks: undefined }),
    bundle(root, dir, { input: AGENT_ENTRIES, format: 'cjs', chunks: 'shared' }),
    bundle(root, dir, { input: MONITOR_ENTRIES, format: 'cjs', chunks: undefined }),
    ...Object.entries(REQUIRED_LATER).map(([name, id]) =>
      bundle(root, dir, { input: { [name]: id }, format: 'cjs', chunks: undefined }),
    ),
    bundle(root, dir, { input: CLI_ENTRIES, format: 'es', chunks: 'cli' }),
  ]);
  writeEsmWrapper(dir);
  chmodSync(join(dir, 'cli.mjs'), 0o755);
  return files.flat();
}

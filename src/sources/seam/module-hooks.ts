import { registerHooks } from 'node:module';
import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What is called with the exports of a named module, once per load of it. */
export type OnModule = (file: string, url: string, exports: unknown) => void;

const KEY = Symbol.for('geometra.monitoring.patch');
const FOLDER = '/node_modules/';

const commonJsFooter = (id: string): string =>
  `\n;globalThis[Symbol.for('geometra.monitoring.patch')]?.(${id}, module.exports);`;

/** An ES module imports itself, so that what it only passes on (`export … from`) is reached as well. */
const esModuleFooter = (id: string, url: string): string =>
  `\n;import * as monitoringSelf from ${JSON.stringify(url)};` +
  `globalThis[Symbol.for('geometra.monitoring.patch')]?.(${id}, monitoringSelf);`;

/** What a module of CommonJS leaves in Node's cache. */
interface Cached {
  readonly loaded: boolean;
  readonly exports: unknown;
}

/**
 * Calls back for those of the files that are loaded already, where they are CommonJS: a preload that comes late still
 * reaches what is used from now on. Returns the files.
 */
export function reachLoadedModules(files: readonly string[], onModule: OnModule): readonly string[] {
  // Not imported as a whole: that would read every property of the module in every process.
  const { _cache: cache } = process.getBuiltinModule('node:module') as unknown as {
    readonly _cache: Readonly<Record<string, Cached>>;
  };
  const reached: string[] = [];
  let wanted: ReadonlySet<string> | undefined;
  for (const path of Object.keys(cache)) {
    const at = path.lastIndexOf(`${sep}node_modules${sep}`);
    if (at < 0) continue;
    wanted ??= new Set(files);
    const file = path.slice(at + FOLDER.length).replaceAll(sep, '/');
    const module = cache[path];
    if (!module?.loaded || !wanted.has(file)) continue;
    onModule(file, pathToFileURL(path).href, module.exports);
    reached.push(file);
  }
  return reached;
}

/**
 * Lets the named files call us back at their end with what they export: a footer on the source, so that `require`
 * and `import` are reached alike and no module is wrapped. Data and native modules pass untouched.
 */
export function installModuleHooks(files: readonly string[], onModule: OnModule): void {
  const wanted = new Set(files);
  const apply = (id: readonly [file: string, url: string], exports: unknown): void => {
    try {
      onModule(id[0], id[1], exports);
    } catch {
      // The module stays as it is.
    }
  };
  Object.defineProperty(globalThis, KEY, { value: apply, configurable: true });
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (wanted.has(url)) {
        // A module of Node itself has no source: it is patched in place before the service sees it.
        apply([url, url], process.getBuiltinModule(url));
        return loaded;
      }
      const at = url.lastIndexOf(FOLDER);
      if (at < 0) return loaded;
      const file = url.slice(at + FOLDER.length);
      if (!wanted.has(file)) return loaded;
      if (loaded.source === undefined || loaded.source === null) return loaded;
      if (loaded.format === 'json' || loaded.format === 'wasm') return loaded;
      const text =
        typeof loaded.source === 'string'
          ? loaded.source
          : Buffer.from(loaded.source as Uint8Array).toString('utf8');
      const id = JSON.stringify([file, url]);
      const footer = loaded.format === 'module' ? esModuleFooter(id, url) : commonJsFooter(id);
      return { ...loaded, source: text + footer };
    },
  });
}

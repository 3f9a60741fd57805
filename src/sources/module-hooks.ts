import { registerHooks } from 'node:module';
import { expressHooks } from './http/routes/express.ts';
import type { ModuleHook } from './module-hook.ts';

/** Changes to modules of the service that sources need. One row per library. */
export const moduleHooks: readonly ModuleHook[] = [...expressHooks];

const KEY = Symbol.for('geometra.monitoring.patch');
const FOLDER = '/node_modules/';

/**
 * Lets the named files call us back at their end with what they export: a footer on the source, so that `require`
 * and `import` are reached alike and no module is wrapped. CommonJS files only; other modules pass untouched.
 */
export function installModuleHooks(hooks: readonly ModuleHook[]): void {
  const byFile = new Map(hooks.map((hook) => [hook.file, hook.patch]));
  const apply = (file: string, exports: unknown): void => {
    try {
      byFile.get(file)?.(exports);
    } catch {
      // The module stays as it is; its routes are then less exact, which shows in the labels.
    }
  };
  Object.defineProperty(globalThis, KEY, { value: apply, configurable: true });
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const at = url.lastIndexOf(FOLDER);
      if (at < 0) return loaded;
      const file = url.slice(at + FOLDER.length);
      if (!byFile.has(file) || loaded.source === undefined || loaded.source === null) return loaded;
      if (loaded.format === 'module' || loaded.format === 'json') return loaded;
      const text =
        typeof loaded.source === 'string'
          ? loaded.source
          : Buffer.from(loaded.source as Uint8Array).toString('utf8');
      const footer = `\n;globalThis[Symbol.for('geometra.monitoring.patch')]?.(${JSON.stringify(file)}, module.exports);`;
      return { ...loaded, source: text + footer };
    },
  });
}

/**
 * `node --import ./test/helpers/changed-sdk.ts`: files of bundled packages that the build changes are loaded changed, so
 * that the tests of the sources run on what is shipped.
 */
import { registerHooks } from 'node:module';
import { FILE, keepHashes } from '../../scripts/build/frozen-attributes.ts';

/** Changes the files as they are loaded, from now on. */
export function registerChangedSdk(): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const { source } = loaded;
      if (!FILE.test(url) || source === null || source === undefined) return loaded;
      const code = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
      // A second registration finds what the first one made.
      return { ...loaded, source: code.includes('hashOfFrozen') ? code : keepHashes(code) };
    },
  });
}

registerChangedSdk();

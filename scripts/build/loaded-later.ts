import type { Plugin } from 'rolldown';

/** Packages that are loaded when they are first needed: each is a file of its own below `dist/vendor/`. */
export const REQUIRED_LATER: Readonly<Record<string, string>> = { 'vendor/re2js': 're2js' };

/** Where a bundle finds such a package; in the sources it is required by its name. */
const CALL = /\(\s*['"]re2js['"]\s*\)/;

/** Points `createRequire(import.meta.url)('re2js')` to the file in `dist/vendor/`. */
export const loadedLater: Plugin = {
  name: 'loaded-later',
  transform: {
    filter: { id: /[\\/]src[\\/].*\.ts$/, code: CALL },
    handler: (code) => ({ code: code.replace(CALL, `('./vendor/re2js.cjs')`), map: null }),
  },
};

import type { Plugin } from 'rolldown';

/** Packages that are loaded when they are first needed: each is one file below `dist/vendor/`, for all bundles. */
export const REQUIRED_LATER: Readonly<Record<string, string>> = {
  'vendor/nodemailer': 'nodemailer',
  'vendor/re2js': 're2js',
};

/** `createRequire(import.meta.url)('re2js')` in the sources, which no bundler follows. */
const CALL = /\(\s*['"]re2js['"]\s*\)/;

/** Points what loads such a package to its file in `dist/vendor/`. */
export const loadedLater: Plugin = {
  name: 'loaded-later',
  resolveId: {
    filter: { id: /^nodemailer$/ },
    // The bundle of the package itself has it as its entry.
    handler: (_id, importer) =>
      importer === undefined ? undefined : { id: './vendor/nodemailer.cjs', external: true },
  },
  transform: {
    filter: { id: /[\\/]src[\\/].*\.ts$/, code: CALL },
    handler: (code) => ({ code: code.replace(CALL, `('./vendor/re2js.cjs')`), map: null }),
  },
};

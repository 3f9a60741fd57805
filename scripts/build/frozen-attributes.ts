import type { Plugin } from 'rolldown';

/** The file of the SDK. */
export const FILE = /@opentelemetry[\\/]sdk-metrics[\\/]dist[\\/]utils\.mjs$/;
const HEAD = 'function hashAttributes(attributes) {';

/** The text of that file with the hashes kept. Throws when the SDK is no longer as expected, which fails the build. */
export function keepHashes(code: string): string {
  if (code.split(HEAD).length !== 2) throw new Error(`${FILE}: expected one ${JSON.stringify(HEAD)}`);
  return code.replace(
    HEAD,
    [
      '/*! Changed by @geometra/monitoring: the hash of frozen attributes is kept. */',
      'const hashOfFrozen = new WeakMap();',
      'function hashAttributes(attributes) {',
      '  const known = hashOfFrozen.get(attributes);',
      '  if (known !== undefined) return known;',
      '  const hash = serializeAttributes(attributes);',
      '  if (Object.isFrozen(attributes)) hashOfFrozen.set(attributes, hash);',
      '  return hash;',
      '}',
      'function serializeAttributes(attributes) {',
    ].join('\n'),
  );
}

/**
 * The SDK sorts and serialises the attributes of every single record: 1.3 µs each, half of what a request costs
 * (`npm run bench -- overhead`). Ours are frozen objects, one per series, so their hash cannot change and is kept
 * beside them. Attributes of others are hashed as ever.
 */
export const frozenAttributes: Plugin = {
  name: 'frozen-attributes',
  transform: { filter: { id: FILE }, handler: (code) => ({ code: keepHashes(code), map: null }) },
};

import { boundedName } from '../own-log/bounded-name.ts';

const UNSAFE = /[^A-Za-z0-9._-]/g;
const MAX_LENGTH = 64;
/** Longer names are not kept: a hash each time is cheaper than what they would hold. */
const MAX_KEPT_CHARS = 1024;

/** The documented loggers. */
export const DEFAULT_LOGGERS = ['api', 'ai', 'db', 'security'] as const;

/** Takes the records of loggers that came after the limit on names. */
export const OTHER = 'other';

/** A name that can stand in a file name and a label: no separators, no leading dot, at most 64 characters. */
export function safeName(name: string): string {
  const safe = boundedName(name, MAX_LENGTH).replaceAll(UNSAFE, '_').replace(/^\.+/, '_');
  return safe === '' ? OTHER : safe;
}

/**
 * Maps names of loggers to the bounded set that becomes files and values of the label `application`. Names after
 * the first `limit` are `other`; `onLimit` hears of the first such name. The answers are kept, so that a name
 * costs one look-up.
 */
export function createLoggerNames(
  limit: number,
  reserved: readonly string[],
  onLimit: (name: string) => void,
): (name: string) => string {
  const taken = new Set(reserved);
  const answers = new Map<string, string>(reserved.map((name) => [name, name]));
  let limitSaid = false;

  function resolve(name: string): string {
    const safe = safeName(name);
    if (taken.has(safe) || safe === OTHER) return safe;
    if (taken.size < limit) {
      taken.add(safe);
      return safe;
    }
    if (!limitSaid) onLimit(name);
    limitSaid = true;
    return OTHER;
  }

  return (name) => {
    const known = answers.get(name);
    if (known !== undefined) return known;
    const safe = resolve(name);
    if (answers.size < limit * 10 && name.length <= MAX_KEPT_CHARS) answers.set(name, safe);
    return safe;
  };
}

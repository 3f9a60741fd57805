import { limits } from './limits.ts';

const PREFIX = 'security.';

/**
 * The name of a security event from the extra `event`: lower case, parts joined by dots, without the prefix
 * (`auth.login_failed`); undefined when the extra names none. The record's event name is
 * `security.<domain>.<action>`.
 */
export function securityEventOf(extra: unknown): string | undefined {
  if (typeof extra !== 'string' || extra === '') return undefined;
  const name = extra
    .slice(0, limits.keyChars)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.]+/g, '_');
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}

export const securityEventName = (event: string): string => PREFIX + event;

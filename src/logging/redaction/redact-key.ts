/** Whole names, without `_` and `-`. */
const NAMES = new Set([
  'authorization',
  'cookie',
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'token',
  'jwt',
  'csrf',
  'xsrf',
  'session',
  'sessionid',
  'sid',
  'apikey',
  'privatekey',
  'credential',
  'credentials',
  'connectionstring',
  'pin',
  'otp',
  'cvv',
  'cvc',
  'cardnumber',
  'ssn',
  'personnummer',
  'personalidentitynumber',
]);
/** Ends of names: `db_password`, `accessToken`, `x-api-key`, `set-cookie`, `proxy-authorization`. */
const ENDING =
  /(?:password|passwd|passphrase|secret|token|apikey|privatekey|cookie|authorization|credentials)$/;

/** A name as it is compared: its last segment in lower case, without `_` and `-`. */
export function comparableKey(key: string): string {
  return key
    .slice(key.lastIndexOf('.') + 1)
    .toLowerCase()
    .replaceAll(/[_-]/g, '');
}

/** Tells for the name of an extra whether its value must not be written; `more` adds names to the built-in ones. */
export function createKeyRedaction(more: readonly string[]): (key: string) => boolean {
  const own = new Set(more.map(comparableKey));
  return (key) => {
    const name = comparableKey(key);
    return NAMES.has(name) || own.has(name) || ENDING.test(name);
  };
}

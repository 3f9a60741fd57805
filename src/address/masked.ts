/** User and password stand between `//` and the last `@` before the path (RFC 3986 section 3.2.1). */
const USER_INFO = /\/\/[^/?#\s]*@/g;

/** An address fit to be shown: `http://user:pass@host/` → `http://[REDACTED]@host/`. Other text stays as it is. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(USER_INFO, '//[REDACTED]@');
}

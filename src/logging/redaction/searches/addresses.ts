// Hot path: `userInfoAt` at every `://`, `pathTokenAt` at few words behind a slash.
import { codeAt } from '../code-at.ts';
import { secretAt } from '../found.ts';
import { looksSecret } from '../names/ordinary.ts';

const isEnd = (code: number): boolean =>
  code <= 32 || code === 34 || code === 39 || code === 96 || code === 60 || code === 62 || code === 0xa0;
const isPathStart = (code: number): boolean => code === 47 || code === 63 || code === 35;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** What is known of the run of an address up to the next blank or quote; keeps one text with many addresses linear. */
export interface AddressRun {
  /** The next `@` at or after the place asked for last; -1 when there is none. */
  nextAt: number;
  end: number;
}
export const newRun = (): AddressRun => ({ nextAt: -2, end: -1 });

/** Users that are no secret: `ssh://git@github.com/`. */
const PUBLIC_USER = /(?:git|hg|svn|anonymous)@/y;

/**
 * User and password of an address whose authority begins at `from`. RFC 3986 lets no `/`, `?`, `#` or `@` be in
 * them; people write them all the same, so behind a `:` that no port follows everything up to the last `@` counts.
 */
export function userInfoAt(text: string, from: number, run: AddressRun): boolean {
  if (run.nextAt !== -1 && run.nextAt < from) run.nextAt = text.indexOf('@', from);
  if (run.nextAt === -1) return false;
  if (run.end <= from) {
    run.end = from;
    while (run.end < text.length && !isEnd(codeAt(text, run.end))) run.end++;
  }
  if (run.nextAt >= run.end) return false;
  PUBLIC_USER.lastIndex = from;
  if (PUBLIC_USER.test(text)) return false;
  let at = from;
  let last = -1;
  let colon = -1;
  for (; at < run.end; at++) {
    const code = codeAt(text, at);
    if (code === 64) last = at;
    else if (code === 58 && colon === -1) colon = at;
    else if (isPathStart(code)) break;
  }
  if (last === -1 && colon !== -1 && !isPort(text, colon + 1, at)) {
    // A password with `/`, `?` or `#`: up to the next `@`, and on to the last one before the path.
    last = run.nextAt >= at ? run.nextAt : text.indexOf('@', at);
    for (at = last; at < run.end && !isPathStart(codeAt(text, at)); at++) {
      if (codeAt(text, at) === 64) last = at;
    }
  }
  if (last <= from || last >= run.end) return false;
  return !text.startsWith('[REDACTED]', from) && secretAt(from, last);
}

function isPort(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isDigit(codeAt(text, at))) return false;
  return true;
}

const LONGEST_PASSWORD = 128;

/** `//user:` without a scheme before it. */
function isBehindSlashes(text: string, colon: number): boolean {
  const slashes = text.lastIndexOf('//', colon);
  return (
    slashes !== -1 &&
    colon - slashes < 66 &&
    colon - slashes > 2 &&
    codeAt(text, slashes - 1) !== 58 &&
    !/[/?#]/.test(text.slice(slashes + 2, colon))
  );
}

/** `user:password@tcp(host)`, as Go's MySQL driver writes it, and `//user:password@host`; `at` is the `@`. */
export function driverAddressAt(text: string, at: number): boolean {
  const isDriver = text.startsWith('tcp(', at + 1) || text.startsWith('unix(', at + 1);
  const stop = Math.max(0, at - LONGEST_PASSWORD);
  let colon = -1;
  for (let back = at - 1; back >= stop && !isEnd(codeAt(text, back)); back--) {
    if (codeAt(text, back) === 58) colon = back;
  }
  return (
    colon !== -1 &&
    colon + 1 < at &&
    (isDriver || isBehindSlashes(text, colon)) &&
    !text.startsWith('[REDACTED]', colon + 1) &&
    secretAt(colon + 1, at)
  );
}

/** Words of a path behind which a secret comes, and the addresses of webhooks, whose path is the secret. */
const PATH_ROWS: readonly RegExp[] = [
  /(?:(?:password|account|email|e-mail|magic|sign-?in|log-?in)[-_/]?)?(?:reset|verify|verification|confirm|confirmation|activate|activation|invite|invitation|invitations|recover|recovery|unlock|magic|magic-?link|link|share|token|auth-token|login-token|unsubscribe)(?:[-_/]?(?:password|email|e-mail|account|link|token|code))?\/([\w.~%-]{16,})/iy,
  /services\/(T[0-9A-Z]{6,14}\/B[0-9A-Z]{6,14}\/[0-9A-Za-z]{16,})/y,
  /workflows\/(T[0-9A-Z]{6,14}\/[\w/]{16,})/y,
  /webhooks\/\d{15,21}\/([\w-]{40,})/y,
  /webhookb2\/(\S{60,})/y,
];
/** First two characters of the words above. */
export const PATH_STARTS = 'pa ac em e- ma si lo re ve co ac in un li sh to au se wo we'.split(' ');

/** A secret as part of a path: `/reset/<token>`. `at` begins a word behind a slash. */
export function pathTokenAt(text: string, at: number): boolean {
  // The words have 25 characters at most, and a token comes behind the next slash.
  const slash = text.indexOf('/', at);
  if (slash === -1 || slash - at > 48 || text.length - slash < 17) return false;
  for (const shape of PATH_ROWS) {
    shape.lastIndex = at;
    const match = shape.exec(text);
    if (!match) continue;
    const token = match[1] as string;
    const isWebhook = shape !== PATH_ROWS[0];
    return (isWebhook || looksSecret(token)) && secretAt(shape.lastIndex - token.length, shape.lastIndex);
  }
  return false;
}

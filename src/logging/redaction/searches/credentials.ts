// Hot path: behind few characters, each search ends at its first look at nearly all of them.
import { codeAt } from '../code-at.ts';
import { secretAt } from '../found.ts';
import { isOrdinary } from '../names/ordinary.ts';
import { bareEnd, pastBlanks } from './values.ts';

const BEARER = /bearer\s{1,4}([\w.~+/=-]{8,})/iy;
const BASIC = /basic\s{1,4}([A-Za-z0-9+/]{6,}={0,2})(?![\w+/=[-])/iy;
const ONE_WORD = /^[A-Za-z]+(?:-[a-z]+)*[.,]?$/;
/** `Bearer realm=…`, `Bearer expires_in=…` */
const NEXT_MEMBER = /^[a-z_]{2,20}=[^=]?/;
const MORE_WORDS = /\s{1,2}[a-z]/y;

/** A bearer token of letters alone is one unless it reads like the beginning of a sentence. */
function isToken(text: string, token: string, end: number): boolean {
  if (NEXT_MEMBER.test(token)) return false;
  if (!ONE_WORD.test(token)) return true;
  if (isOrdinary(token) || token.length < 8) return false;
  MORE_WORDS.lastIndex = end;
  return !MORE_WORDS.test(text);
}

/** What base64 holds is `user:password` when it is readable and has a colon. */
function isUserAndPassword(encoded: string): boolean {
  if (encoded.length > 1024) return true;
  const decoded = Buffer.from(encoded, 'base64').toString('latin1');
  // oxlint-disable-next-line no-control-regex
  return decoded.includes(':') && !/[\u0000-\u001f\u007f-\u009f]/.test(decoded);
}

/** `Bearer …`, `Basic …` anywhere in a text; `at` begins a word. */
export function credentialsAt(text: string, at: number): boolean {
  const first = codeAt(text, at);
  if (first !== 98 && first !== 66) return false;
  const second = codeAt(text, at + 1);
  if (second === 101 || second === 69) {
    BEARER.lastIndex = at;
    const match = BEARER.exec(text);
    if (!match) return false;
    const token = match[1] as string;
    return (
      isToken(text, token.slice(0, 200), BEARER.lastIndex) &&
      secretAt(BEARER.lastIndex - token.length, BEARER.lastIndex)
    );
  }
  if (second !== 97 && second !== 65) return false;
  BASIC.lastIndex = at;
  const match = BASIC.exec(text);
  if (!match) return false;
  const encoded = match[1] as string;
  return isUserAndPassword(encoded) && secretAt(BASIC.lastIndex - encoded.length, BASIC.lastIndex);
}

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const END = /-----END [A-Z0-9 ]{0,60}-{0,5}/y;

/** What a key in PEM consists of, its headers and escaped line ends included. */
const PEM_BODY = /[A-Za-z0-9+/=\s\\:,.()]/;

/** A private key in PEM, whole or cut off, its line ends escaped or not; `at` is the first dash. */
export function privateKeyAt(text: string, at: number): boolean {
  BEGIN.lastIndex = at;
  if (!BEGIN.test(text)) return false;
  let end = BEGIN.lastIndex;
  while (end < text.length) {
    if (codeAt(text, end) === 45) {
      if (!text.startsWith('-----END ', end)) end++;
      else {
        END.lastIndex = end;
        return secretAt(at, END.test(text) ? END.lastIndex : text.length);
      }
    } else if (PEM_BODY.test(text.charAt(end))) end++;
    else break;
  }
  // The backslashes before a quote are the quote's.
  while (end < text.length && codeAt(text, end - 1) === 92) end--;
  return secretAt(at, end);
}

const LOOK_BACK = 80;
/** Options of programs that take a password: which, in what form, and of which programs. */
const OPTIONS: readonly {
  readonly option: RegExp;
  readonly program: RegExp;
  readonly part: 'whole' | 'password';
}[] = [
  {
    option: /-p ?(?=\S)/y,
    program: /\b(?:sshpass|mysql\w*|mariadb\w*|mongo\w*|7z|docker login|az login|cqlsh|ipmitool)\b/,
    part: 'whole',
  },
  { option: /-a +/y, program: /\bredis-cli\b/, part: 'whole' },
  { option: /-w +/y, program: /\bldap\w+\b/, part: 'whole' },
  { option: /-P +/y, program: /\b(?:unzip|zip|sqlcmd|bcp|ipmitool)\b/, part: 'whole' },
  {
    option: /-(?:u|-user|-proxy-user|U) ?(?=[^\s:]{1,64}:)/y,
    program: /\b(?:curl|wget|http|https|xh|ab|siege)\b/,
    part: 'password',
  },
];

/** `mysql -p…`, `curl -u user:…`; `at` is the dash. */
export function commandOptionAt(text: string, at: number): boolean {
  const letter = text.charAt(at + 1);
  if (!'pawPuU-'.includes(letter)) return false;
  for (const { option, program, part } of OPTIONS) {
    option.lastIndex = at;
    if (!option.test(text) || !program.test(text.slice(Math.max(0, at - LOOK_BACK), at))) continue;
    let from = option.lastIndex;
    if (part === 'password') from = text.indexOf(':', from) + 1;
    from = pastBlanks(text, from, 2);
    if (from < text.length && '"\''.includes(text.charAt(from))) from++;
    const end = bareEnd(text, from);
    return end > from && !isOrdinary(text.slice(from, Math.min(end, from + 65))) && secretAt(from, end);
  }
  return false;
}

/** Tokens that are known by something in their middle or at their end; the character that it begins with, and the length before it. */
const SUFFIXES: readonly {
  readonly mark: string;
  readonly head: RegExp;
  readonly most: number;
  readonly tail: RegExp;
}[] = [
  // Azure client secrets
  { mark: '~', head: /(?<![\w~.-])[\w.-]{3}\dQ$/, most: 6, tail: /[\w~.-]{31,40}/y },
  // Terraform Cloud
  { mark: '.atlasv1.', head: /(?<!\w)\w{14}$/, most: 15, tail: /[\w-]{40,}/y },
  // Mailchimp
  { mark: '-us', head: /(?<!\w)[0-9a-f]{32}$/, most: 33, tail: /\d{1,2}(?!\w)/y },
  // Telegram
  { mark: ':AA', head: /(?<!\d)\d{8,10}$/, most: 11, tail: /[\w-]{30,}/y },
];

/** A token whose mark, not its beginning, gives it away; `at` is the mark. */
export function suffixTokenAt(text: string, at: number): boolean {
  const first = codeAt(text, at);
  for (const { mark, head, most, tail } of SUFFIXES) {
    if (mark.charCodeAt(0) !== first || !text.startsWith(mark, at)) continue;
    const start = Math.max(0, at - most);
    const match = head.exec(text.slice(start, at));
    tail.lastIndex = at + mark.length;
    if (match && tail.test(text)) return secretAt(start + match.index, tail.lastIndex);
  }
  return false;
}

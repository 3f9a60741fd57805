import { maskedQuery, REDACTED } from './masked.ts';

/** An HTTP address, taken apart once: what a request goes to, what it sends as credentials, and what people see. */
export interface Address {
  /** Without user and password: `fetch` refuses them there. */
  readonly url: string;
  /** The header for the user and password of the address (HTTP basic authentication); undefined without them. */
  readonly authorization: string | undefined;
  /** Credentials and the values of the query masked: fit for logs, pages and mails. */
  readonly shown: string;
}

/** Percent escapes as text. One that is malformed is what somebody wrote, such as the `%` of `50%off`: it stays. */
function unescaped(text: string): string {
  return text.replaceAll(/(?:%[\dA-Fa-f]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** Undefined for what is no address with `http:` or `https:`. Never throws. */
export function parseAddress(text: string): Address | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, username, password, host, pathname, search } = url;
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  url.username = '';
  url.password = '';
  const isOpen = username === '' && password === '';
  const login = Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString('base64');
  return {
    url: url.href,
    authorization: isOpen ? undefined : `Basic ${login}`,
    shown: `${protocol}//${isOpen ? '' : `${REDACTED}@`}${host}${pathname}${search === '' ? '' : maskedQuery(search)}`,
  };
}

/** `address` with another path below it: `http://h/base/` and `/api` → `http://h/base/api`. */
export function below({ url, authorization, shown }: Address, path: string): Address {
  const extended = new URL(url);
  extended.pathname = extended.pathname.replace(/\/+$/, '') + path;
  const [before = '', ...query] = shown.split('?');
  const rest = query.length === 0 ? '' : `?${query.join('?')}`;
  return { url: extended.href, authorization, shown: before.replace(/\/+$/, '') + path + rest };
}

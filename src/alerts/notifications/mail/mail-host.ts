import { isIP } from 'node:net';

/** The name or address of a mail server as a connection takes it, or what is wrong with it. */
export type HostReading =
  { readonly ok: true; readonly host: string } | { readonly ok: false; readonly expected: string };

const NAME =
  /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?(?:\.[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?)*\.?$/u;

/** Reads a host name, an IPv4 address or an IPv6 address, the latter in brackets or not. */
export function readMailHost(text: unknown): HostReading {
  const expected = 'a host name or an address';
  if (typeof text !== 'string') return { ok: false, expected };
  const bracketed = /^\[(.*)\]$/.exec(text)?.[1];
  if (bracketed !== undefined) {
    return isIP(bracketed) === 6
      ? { ok: true, host: bracketed }
      : { ok: false, expected: 'an IPv6 address in the brackets' };
  }
  if (isIP(text) !== 0) return { ok: true, host: text };
  if (/^\d+(?:\.\d+)*\.?$/.test(text)) return { ok: false, expected: 'an IPv4 address of four numbers' };
  if (NAME.test(text)) return { ok: true, host: text };
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return { ok: false, expected: `${expected} without a scheme` };
  if (/:\d+$/.test(text)) return { ok: false, expected: `${expected}; the port belongs into SMTP_PORT` };
  return { ok: false, expected };
}

/** A host with its port as messages show it. */
export function shownServer(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { Refusal } from './page.ts';

export interface AccessRules {
  /** The bearer token that every request has to carry; undefined: none. */
  readonly token: string | undefined;
  /** Names beside the loopback names, addresses and `hostName` under which the monitor is asked; `*`: any. */
  readonly allowedHosts: readonly string[];
  /** The name of this machine. */
  readonly hostName: string;
}

/** `name:port`, `[::1]:port` and the like without port, brackets and a last dot. */
function nameOf(host: string): string {
  const [, bracketed, plain = ''] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host.trim().toLowerCase()) ?? [];
  return (bracketed ?? plain).replace(/\.$/, '');
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/**
 * Whether a name is one of this machine. A page on the web can have its own name lead here (DNS rebinding); it cannot
 * have an address or one of these names.
 */
function isOwnName(name: string, { allowedHosts, hostName }: AccessRules): boolean {
  if (isIP(name) !== 0 || isLoopbackName(name)) return true;
  const own = hostName.toLowerCase();
  return (
    name === own ||
    name === own.split('.')[0] ||
    allowedHosts.some((allowed) => allowed === '*' || nameOf(allowed) === name)
  );
}

/** Whether a page of another origin had the browser send this (Fetch Metadata, RFC 6454). */
function isCrossSite(headers: IncomingHttpHeaders, method: string): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: typed in, or a bookmark.
  if (site !== undefined && site !== 'same-origin' && !(site === 'none' && method !== 'POST')) return true;
  const { origin, host = '' } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host.trim().toLowerCase();
}

/** Whether the request carries the token (RFC 6750), compared in constant time. */
function isAuthorized({ authorization = '' }: IncomingHttpHeaders, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = Buffer.from(/^Bearer +(.+)$/i.exec(authorization)?.[1] ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The request names a host that is none of ours; whoever runs the service may have to allow it. */
export class HostRefusal extends Refusal {
  readonly host: string;

  constructor(host: string) {
    super(403, 'host name not allowed: add it to MONITORING_ALLOWED_HOSTS');
    this.host = host;
  }
}

/** Throws a `Refusal` where the request may not be answered. Comes before everything else, so that no one else learns what there is. */
export function checkAccess(headers: IncomingHttpHeaders, method: string, rules: AccessRules): void {
  const { host } = headers;
  if (host !== undefined && !isOwnName(nameOf(host), rules)) throw new HostRefusal(host);
  if (isCrossSite(headers, method)) throw new Refusal(403, 'cross-site requests are not allowed');
  if (!isAuthorized(headers, rules.token)) {
    throw new Refusal(401, 'a bearer token is required', { 'www-authenticate': 'Bearer realm="monitoring"' });
  }
}

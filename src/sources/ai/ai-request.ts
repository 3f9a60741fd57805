// Hot path: `recognise` once per fetch of the service; for all but AI calls it ends with the method or the path.
import { isJson, type WireFormat } from './wire-format.ts';
import { wireFormats } from './wire-formats.ts';

/** A call to a model that was recognised on the wire. */
export interface AiCall {
  readonly format: WireFormat;
  readonly model: string;
}

/** Larger requests are searched for their model, not parsed. */
const MAX_PARSED = 64 * 1024;
const MODEL = /"model"\s*:\s*"((?:[^"\\]|\\.){1,200})"/;
const CLIENTS = /^(?:ollama-js|ai-sdk)\//;
const UNKNOWN = 'unknown';

function addressOf(input: unknown): URL | undefined {
  if (input instanceof URL) return input;
  const text = typeof input === 'string' ? input : (input as { readonly url?: unknown } | null)?.url;
  return typeof text === 'string' ? (URL.parse(text) ?? undefined) : undefined;
}

/** Headers in any form that fetch takes; undefined for what cannot be read without using it up. */
function headersOf(input: unknown, init: RequestInit | undefined): Headers | undefined {
  const given = init?.headers ?? (input instanceof Request ? input.headers : undefined);
  if (given === undefined || given instanceof Headers) return given;
  try {
    return new Headers(given);
  } catch {
    return undefined;
  }
}

function modelOf(body: unknown): string {
  if (typeof body !== 'string') return UNKNOWN;
  if (body.length <= MAX_PARSED) {
    try {
      const parsed: unknown = JSON.parse(body);
      if (isJson(parsed) && typeof parsed['model'] === 'string') return parsed['model'];
    } catch {
      return UNKNOWN;
    }
  }
  return MODEL.exec(body)?.[1] ?? UNKNOWN;
}

function isFrom(format: WireFormat, { host, hostname }: URL, headers: Headers | undefined): boolean {
  if (format.hosts.some((known) => known.test(hostname) || known.test(host))) return true;
  if (format.headers.some((name) => headers?.has(name))) return true;
  return CLIENTS.test(headers?.get('user-agent') ?? '');
}

/**
 * The AI call that a fetch is, or undefined. A path alone is no proof: the host, one of `hosts` of the settings, or a
 * header of a known client has to fit as well.
 */
export function recognise(
  input: unknown,
  init: RequestInit | undefined,
  hosts: readonly string[],
): AiCall | undefined {
  const method = init?.method ?? (input as { readonly method?: unknown } | null)?.method;
  if (method !== 'POST' && method !== 'post') return undefined;
  const url = addressOf(input);
  if (url === undefined) return undefined;
  const candidates = wireFormats.filter(({ path }) => path.test(url.pathname));
  if (candidates.length === 0) return undefined;
  const headers = headersOf(input, init);
  const format =
    candidates.find((one) => isFrom(one, url, headers)) ??
    (hosts.includes(url.hostname) || hosts.includes(url.host) ? candidates[0] : undefined);
  return format && { format, model: format.modelOf?.(url) ?? modelOf(init?.body) };
}

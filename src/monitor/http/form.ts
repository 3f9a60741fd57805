import type { IncomingMessage } from 'node:http';
import { Refusal } from './page.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';
/** A query is some hundred bytes long; a form of many selectors still fits. */
const FORM_MAX_BYTES = 1_048_576; // 1 MiB

/** Reads the form of a POST request, at most `FORM_MAX_BYTES` of it. Throws a `Refusal`. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== FORM_TYPE || request.headers['content-encoding'] !== undefined) {
    throw new Refusal(415, `expected an uncompressed ${FORM_TYPE} body`);
  }
  const tooLarge = new Refusal(413, `the form exceeds ${FORM_MAX_BYTES} bytes`, { connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > FORM_MAX_BYTES) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > FORM_MAX_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** The same address with the fields of the form before its own parameters, as Go's `ParseForm` orders them. */
export async function withForm(url: URL, request: IncomingMessage): Promise<URL> {
  const form = await readForm(request);
  const merged = new URL(url);
  merged.search = new URLSearchParams([...form, ...url.searchParams]).toString();
  return merged;
}

import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { formatMs } from '../../config/parse-value.ts';
import type { OwnLog } from '../../own-log/own-log.ts';

/** What one address answers. */
export interface Page {
  /** HTTP status; not given: 200. */
  readonly status?: number;
  readonly contentType: string;
  readonly body: string;
}

/** Makes a page; the parameters of the request are those of the URL. */
export type Handler = (request: URL) => Promise<Page>;

/** An address that also takes its parameters as a form by POST; those of the form stand before those of the URL. */
export interface FormRoute {
  readonly form: Handler;
}

/** One row per address that is served: its path, in which `*` stands for one segment, and how its page is made. */
export type Routes = Readonly<Record<string, Handler | FormRoute>>;

export interface MonitorServerOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly routes: Routes;
  readonly ownLog: OwnLog;
  /** Called when the server begins to listen; undefined when it cannot. */
  readonly onAddress: (url: string | undefined) => void;
}

const RETRY_MS = 10_000;
/** Below this size gzip costs more than it saves. */
const GZIP_FROM_BYTES = 1024;
const FORM_TYPE = 'application/x-www-form-urlencoded';
/** A query is some hundred bytes long; a form of many selectors still fits. */
const FORM_MAX_BYTES = 1_048_576; // 1 MiB
const compress = promisify(gzip);

/** Whether the request carries the token (RFC 6750), compared in constant time. */
function authorized(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = Buffer.from(/^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** RFC 9110 section 12.5.3: gzip is named, or else anything is, and that not with weight 0. */
function takesGzip(request: IncomingMessage): boolean {
  const entries = String(request.headers['accept-encoding'] ?? '').split(',');
  const codings = entries.map((entry) => {
    const [coding = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return { coding, refused };
  });
  const named =
    codings.find(({ coding }) => coding === 'gzip') ?? codings.find(({ coding }) => coding === '*');
  return named !== undefined && !named.refused;
}

/** An answer that is not the page that was asked for. */
class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** The row whose path fits: the very path, else the first with `*` for one of its segments. */
function findRoute(routes: Routes, path: string): Handler | FormRoute | undefined {
  if (Object.hasOwn(routes, path)) return routes[path];
  const segments = path.split('/');
  const found = Object.keys(routes).find((pattern) => {
    const wanted = pattern.split('/');
    const fits = (part: string, i: number): boolean =>
      part === segments[i] || (part === '*' && segments[i] !== '');
    return wanted.includes('*') && wanted.length === segments.length && wanted.every(fits);
  });
  return found === undefined ? undefined : routes[found];
}

/** Reads the form of a POST request, at most `FORM_MAX_BYTES` of it. Throws a `Refusal`. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== FORM_TYPE || request.headers['content-encoding'] !== undefined) {
    throw new Refusal(415, `only ${FORM_TYPE}, not compressed`);
  }
  const tooLarge = new Refusal(413, `a form of more than ${FORM_MAX_BYTES} bytes`, { connection: 'close' });
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

/** The same address with the fields of a form before its own parameters, as Go's `ParseForm` orders them. */
function withForm(url: URL, form: URLSearchParams): URL {
  const merged = new URL(url);
  merged.search = new URLSearchParams([...form, ...url.searchParams]).toString();
  return merged;
}

function plain(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${text}\n`);
}

/** The monitor's own HTTP server: pages by path, GET, HEAD and forms by POST, gzip, an optional bearer token. */
export class MonitorServer {
  readonly #options: MonitorServerOptions;
  readonly #server: Server;
  #retry: NodeJS.Timeout | undefined;
  #failed = false;

  constructor(options: MonitorServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        options.ownLog.error(`${request.url ?? ''}: ${(error as Error).stack ?? String(error)}`);
        if (!response.headersSent) plain(response, 500, 'internal error');
        else response.destroy();
      });
    });
    this.#server.on('listening', () => this.#listening());
    this.#server.on('error', (error) => this.#cannotListen(error));
  }

  start(): void {
    const { host, port } = this.#options;
    // `exclusive`: in a cluster worker the primary would otherwise share one socket among all of them.
    this.#server.listen({ host, port, exclusive: true });
    this.#server.unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#retry);
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #listening(): void {
    const { address, port, family } = this.#server.address() as AddressInfo;
    const any = address === '::' || address === '0.0.0.0';
    const name = any ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
    const url = `http://${name}:${port}`;
    if (this.#failed) this.#options.ownLog.info(`now listening on ${url}`);
    this.#failed = false;
    this.#options.onAddress(url);
  }

  #cannotListen(error: NodeJS.ErrnoException): void {
    const { host, port, ownLog, onAddress } = this.#options;
    this.#failed = true;
    ownLog.problem('MON_PORT_TAKEN', {
      where: '/metrics',
      got: `${host}:${port}`,
      reason: error.code ?? error.message,
      retry: formatMs(RETRY_MS),
    });
    onAddress(undefined);
    this.#retry = setTimeout(() => this.start(), RETRY_MS);
    this.#retry.unref();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#send(request, response, await this.#page(request));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      plain(response, error.status, error.message, error.headers);
    }
  }

  /** Throws a `Refusal`. */
  async #page(request: IncomingMessage): Promise<Page> {
    const { routes, token } = this.#options;
    const target = request.url ?? '/';
    const url = URL.canParse(target, 'http://monitor') ? new URL(target, 'http://monitor') : undefined;
    const route = url && findRoute(routes, url.pathname);
    if (!url || !route) throw new Refusal(404, `not found; there is ${Object.keys(routes).join(', ')}`);
    const takesForm = typeof route === 'object';
    const isPost = request.method === 'POST' && takesForm;
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isPost) {
      const methods = takesForm ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'];
      const text = takesForm ? 'only GET, HEAD and POST' : 'only GET and HEAD';
      throw new Refusal(405, text, { allow: methods.join(', ') });
    }
    if (!authorized(request, token)) {
      throw new Refusal(401, 'a bearer token is needed', { 'www-authenticate': 'Bearer realm="monitoring"' });
    }
    const handler = takesForm ? route.form : route;
    return handler(isPost ? withForm(url, await readForm(request)) : url);
  }

  async #send(request: IncomingMessage, response: ServerResponse, page: Page): Promise<void> {
    const text = Buffer.from(page.body);
    const zipped = takesGzip(request) && text.length >= GZIP_FROM_BYTES;
    const bytes = zipped ? await compress(text, { level: 1 }) : text;
    response.writeHead(page.status ?? 200, {
      'content-type': page.contentType,
      'content-length': bytes.length,
      vary: 'accept-encoding',
      'cache-control': 'no-store',
      ...(zipped && { 'content-encoding': 'gzip' }),
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }
}

import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { formatMs } from '../config/parse-value.ts';
import type { OwnLog } from '../logging/own-log.ts';

/** What one address answers. */
export interface Page {
  readonly contentType: string;
  readonly body: string;
}

/** One row per address that is served: its path and how its page is made. */
export type Routes = Readonly<Record<string, (request: URL) => Promise<Page>>>;

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

function plain(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${text}\n`);
}

/** The monitor's own HTTP server: pages by path, GET and HEAD, gzip, an optional bearer token. */
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
    const { routes, token } = this.#options;
    const target = request.url ?? '/';
    const url = URL.canParse(target, 'http://monitor') ? new URL(target, 'http://monitor') : undefined;
    const route = url && Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined;
    if (!url || !route) {
      plain(response, 404, `not found; there is ${Object.keys(routes).join(', ')}`);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      plain(response, 405, 'only GET and HEAD', { allow: 'GET, HEAD' });
      return;
    }
    if (!authorized(request, token)) {
      plain(response, 401, 'a bearer token is needed', { 'www-authenticate': 'Bearer realm="monitoring"' });
      return;
    }
    const { contentType, body } = await route(url);
    const text = Buffer.from(body);
    const zipped = takesGzip(request) && text.length >= GZIP_FROM_BYTES;
    const bytes = zipped ? await compress(text, { level: 1 }) : text;
    response.writeHead(200, {
      'content-type': contentType,
      'content-length': bytes.length,
      vary: 'accept-encoding',
      'cache-control': 'no-store',
      ...(zipped && { 'content-encoding': 'gzip' }),
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }
}

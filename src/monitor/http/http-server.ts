import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { formatMs } from '../../config/parse-value.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { checkAccess, HostRefusal } from './access.ts';
import { limitConnections } from './connection-limit.ts';
import { withForm } from './form.ts';
import { findRoute, type Page, Refusal, type Routes } from './page.ts';

export type { Handler, Page, Routes } from './page.ts';

export interface MonitorServerOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  /** Allowed host names in addition to those of this machine. */
  readonly allowedHosts?: readonly string[];
  readonly routes: Routes;
  readonly ownLog: OwnLog;
  readonly limits?: TimeLimits;
  /** Called when the server begins to listen; undefined when it cannot. */
  readonly onAddress: (url: string | undefined) => void;
}

const RETRY_MS = 10_000;
/** Below this size gzip costs more than it saves. */
const GZIP_FROM_BYTES = 1024;
const MAX_CONNECTIONS = 64;
const MAX_SHOWN_HOST = 100;

/** How long clients may take. */
export interface TimeLimits {
  /** For the headers of a request, from the opening of its connection or its first byte. */
  readonly headersMs: number;
  /** For a whole request with its body. */
  readonly requestMs: number;
  /** Between two requests of a connection: more than the interval of most scrapers. */
  readonly keepAliveMs: number;
  /** For reading an answer that is ready. */
  readonly answerMs: number;
  /** How often connections are checked. */
  readonly checkMs: number;
}

const LIMITS: TimeLimits = {
  headersMs: 5000,
  requestMs: 15_000,
  keepAliveMs: 65_000,
  answerMs: 60_000,
  checkMs: 2500,
};
const compress = promisify(gzip);

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

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

interface Body {
  readonly plain: Buffer;
  readonly gzip: () => Promise<Buffer>;
}

const bodies = new WeakMap<Page, Body>();

/** The bytes of a page, made once however many ask for it at the same time. */
function bodyOf(page: Page): Body {
  let body = bodies.get(page);
  if (!body) {
    const bytes = Buffer.from(page.body);
    let zipped: Promise<Buffer> | undefined;
    body = { plain: bytes, gzip: () => (zipped ??= compress(bytes, { level: 1 })) };
    bodies.set(page, body);
  }
  return body;
}

/** Ends the connection of a client that does not read its answer. */
function endUnread(response: ServerResponse, answerMs: number): void {
  const timer = setTimeout(() => response.destroy(), answerMs);
  timer.unref();
  response.on('close', () => clearTimeout(timer));
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
    const { limits = LIMITS } = options;
    this.#server = createServer(
      {
        headersTimeout: limits.headersMs,
        requestTimeout: limits.requestMs,
        keepAliveTimeout: limits.keepAliveMs,
        connectionsCheckingInterval: limits.checkMs,
      },
      (request, response) => {
        if (request.socket.destroyed) return;
        response.on('prefinish', () => endUnread(response, limits.answerMs));
        void this.#answer(request, response);
      },
    );
    limitConnections(this.#server, MAX_CONNECTIONS, () => performance.now());
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
    const { token, ownLog, onAddress } = this.#options;
    const { address, port, family } = this.#server.address() as AddressInfo;
    const any = address === '::' || address === '0.0.0.0';
    const name = any ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
    const url = `http://${name}:${port}`;
    if (this.#failed) ownLog.info(`now listening on ${url}`);
    this.#failed = false;
    if (token === undefined && !isLoopback(address)) {
      ownLog.problem('MON_METRICS_OPEN', {
        where: `${isIP(address) === 6 ? `[${address}]` : address}:${port}`,
      });
    }
    onAddress(url);
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

  /** Never rejects. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let route: string | undefined;
    try {
      const { method = 'GET', headers } = request;
      const { token, allowedHosts = [], routes } = this.#options;
      checkAccess(headers, method, { token, allowedHosts, hostName: hostname() });
      const target = request.url ?? '/';
      const url = URL.canParse(target, 'http://monitor') ? new URL(target, 'http://monitor') : undefined;
      route = url && findRoute(routes, url.pathname);
      if (!url || route === undefined) {
        throw new Refusal(404, `not found; available: ${Object.keys(routes).join(', ')}`);
      }
      await this.#send(request, response, await this.#page(request, url, route));
    } catch (error) {
      if (error instanceof HostRefusal) this.#hostRefused(error.host);
      if (error instanceof Refusal) plain(response, error.status, error.message, error.headers);
      else this.#failedAt(route ?? '', error as Error, request, response);
    }
  }

  /** Throws a `Refusal`. */
  async #page(request: IncomingMessage, url: URL, route: string): Promise<Page> {
    const handler = this.#options.routes[route];
    if (!handler) throw new Refusal(404, 'not found');
    const takesForm = typeof handler === 'object';
    const isPost = request.method === 'POST' && takesForm;
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isPost) {
      const methods = takesForm ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'];
      const text = takesForm ? 'only GET, HEAD and POST' : 'only GET and HEAD';
      throw new Refusal(405, text, { allow: methods.join(', ') });
    }
    if (!takesForm) return handler(url);
    return handler.form(isPost ? await withForm(url, request) : url);
  }

  /** Once: a scraper that asks under a name of the machine looks down until that is allowed. */
  #hostRefused(host: string): void {
    const got = host.slice(0, MAX_SHOWN_HOST);
    this.#options.ownLog.problem('MON_HOST', { where: 'MONITORING_ALLOWED_HOSTS', got });
  }

  /** A client that went away is not our error. Parameters and the path may hold secrets: the log names the route. */
  #failedAt(route: string, error: Error, request: IncomingMessage, response: ServerResponse): void {
    if (request.destroyed && !request.complete) return;
    this.#options.ownLog.problem('MON_PAGE', { where: route, got: error.stack ?? String(error) });
    if (response.headersSent) response.destroy();
    else plain(response, 500, 'internal error');
  }

  async #send(request: IncomingMessage, response: ServerResponse, page: Page): Promise<void> {
    const body = bodyOf(page);
    const zipped = takesGzip(request) && body.plain.length >= GZIP_FROM_BYTES;
    const bytes = zipped ? await body.gzip() : body.plain;
    response.writeHead(page.status ?? 200, {
      'content-type': page.contentType,
      'content-length': bytes.length,
      vary: 'accept-encoding',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(zipped && { 'content-encoding': 'gzip' }),
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }
}

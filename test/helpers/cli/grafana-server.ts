import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** What the server holds and has been asked. */
export interface GrafanaServer {
  readonly url: string;
  readonly received: readonly Received[];
  /** uid → title */
  readonly folders: Map<string, string>;
  /** By uid. */
  readonly dashboards: Map<string, { readonly folderUid: string; readonly version: number }>;
}

export interface GrafanaOptions {
  /** Another bearer token gets 401. */
  readonly token?: string;
  /** The role of the token: a Viewer may not write (403). */
  readonly role?: 'Editor' | 'Viewer';
  readonly folders?: readonly (readonly [uid: string, title: string])[];
  /** Dashboards that come from files: Grafana does not let them be saved. */
  readonly provisioned?: readonly string[];
  /** Where it is served below a path, such as /grafana. */
  readonly prefix?: string;
}

type Answer = readonly [status: number, body: unknown];
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const refusal = (status: number, message: string): Answer => [status, { message }];

/**
 * The part of Grafana's HTTP API that `dashboards push` uses, as documented at
 * https://grafana.com/docs/grafana/v11.0/developers/http_api/dashboard/#create--update-dashboard and
 * https://grafana.com/docs/grafana/v11.0/developers/http_api/folder/: a request that has not the documented shape is
 * refused. It is a server of the tests, not Grafana.
 */
export async function grafanaServer(t: TestContext, options: GrafanaOptions = {}): Promise<GrafanaServer> {
  const { token = 'glsa_test', role = 'Editor', provisioned = [], prefix = '' } = options;
  const received: Received[] = [];
  const folders = new Map(options.folders);
  const dashboards: GrafanaServer['dashboards'] = new Map();

  function list(query: URLSearchParams): Answer {
    const limit = Number(query.get('limit') ?? 1000);
    const page = Number(query.get('page') ?? 1);
    const all = [...folders].map(([uid, title], i) => ({ id: i + 1, uid, title }));
    return [200, all.slice((page - 1) * limit, page * limit)];
  }

  function addFolder(body: unknown): Answer {
    if (!isFields(body) || typeof body['title'] !== 'string' || body['title'] === '') {
      return refusal(400, 'folder title cannot be empty');
    }
    const uid = `folder-${folders.size + 1}`;
    folders.set(uid, body['title']);
    return [200, { id: folders.size, uid, title: body['title'], version: 1 }];
  }

  function save(body: unknown): Answer {
    if (!isFields(body) || !isFields(body['dashboard'])) return refusal(400, 'bad request data');
    const { dashboard, folderUid, overwrite = false, message = '' } = body;
    const { id, uid, title } = dashboard;
    if (id !== null) return refusal(404, 'Dashboard not found');
    if (typeof title !== 'string' || title === '') return refusal(400, 'Dashboard title cannot be empty');
    if (typeof uid !== 'string' || !/^[\w-]{1,40}$/.test(uid))
      return refusal(400, 'uid contains illegal characters');
    if (typeof overwrite !== 'boolean' || typeof message !== 'string')
      return refusal(400, 'bad request data');
    if (typeof folderUid !== 'string' || !folders.has(folderUid)) return refusal(400, 'folder not found');
    if (provisioned.includes(uid)) return refusal(400, 'Cannot save provisioned dashboard');
    const known = dashboards.get(uid);
    if (known && !overwrite)
      return [412, { status: 'version-mismatch', message: 'The dashboard has been changed' }];
    const version = (known?.version ?? 0) + 1;
    dashboards.set(uid, { folderUid, version });
    const slug = title.toLowerCase().replaceAll(/\W+/g, '-');
    return [200, { id: 1, uid, url: `${prefix}/d/${uid}/${slug}`, status: 'success', version, slug }];
  }

  async function answerTo(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const { authorization } = request.headers;
    const sent = await text(request);
    const isJson = request.headers['content-type'] === 'application/json';
    const body: unknown = sent === '' ? undefined : isJson ? JSON.parse(sent) : sent;
    const path = pathname.slice(prefix.length);
    received.push({ method: request.method ?? '', path, authorization, body });
    if (!pathname.startsWith(`${prefix}/api/`)) return [404, '<!doctype html>'];
    const isUser = authorization === `Basic ${Buffer.from('admin:secret').toString('base64')}`;
    if (authorization !== `Bearer ${token}` && !isUser) return refusal(401, 'Invalid API key');
    const what = `${request.method} ${path}`;
    if (what === 'GET /api/folders') return list(searchParams);
    if (role === 'Viewer') return refusal(403, "You'll need additional permissions to perform this action.");
    if (what === 'POST /api/folders') return addFolder(body);
    if (what === 'POST /api/dashboards/db') return save(body);
    return refusal(404, 'Not found');
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void answerTo(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${prefix}`, received, folders, dashboards };
}

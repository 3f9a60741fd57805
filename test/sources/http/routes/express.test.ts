import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { expressRoutes } from '../../../../src/sources/http/routes/express/express-routes.ts';

type Path = string | RegExp | readonly (string | RegExp)[];
type Next = (error?: unknown) => void;
type Handler = (request: IncomingMessage, response: ServerResponse, next: Next) => unknown;
interface Router extends RequestListener {
  use(path: Path, ...handlers: unknown[]): unknown;
  use(...handlers: unknown[]): unknown;
  get(path: Path, ...handlers: Handler[]): unknown;
  post(path: Path, ...handlers: Handler[]): unknown;
  all(path: Path, ...handlers: Handler[]): unknown;
  route(path: Path): { get(handler: Handler): unknown };
  param(name: string, handler: Handler): unknown;
}
interface Express {
  (): Router;
  Router(options?: { mergeParams?: boolean; caseSensitive?: boolean }): Router;
}

const expressRoute = (request: IncomingMessage): string | undefined =>
  expressRoutes.read(request, undefined as unknown as ServerResponse);
const require = createRequire(import.meta.url);
const versions: readonly (readonly [name: string, express: Express])[] = [
  ['Express 5', require('express') as Express],
  ['Express 4', require('express4') as Express],
];
const wildcard: Readonly<Record<string, string>> = { 'Express 5': '/*rest', 'Express 4': '/*' };

const ok: Handler = (_request, response) => response.end('ok');
const fail: Handler = () => {
  throw new Error('broken');
};
const skip: Handler = (_request, _response, next) => next();

/** Serves the app and asks for each path in turn; the route that the reader finds for each finished request. */
async function routesOf(app: Router, ...paths: readonly string[]): Promise<(string | undefined)[]> {
  const routes: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    response.once('finish', () => routes.push(expressRoute(request)));
    app(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    for (const path of paths) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
      await response.arrayBuffer();
    }
  } finally {
    server.close();
    await once(server, 'close');
  }
  return routes;
}

for (const [version, express] of versions) {
  /** An app whose default answer to an error is not printed. */
  const newApp = (): Router => {
    const app = express();
    (app as unknown as { set(name: string, value: unknown): void }).set('env', 'test');
    return app;
  };

  test(`${version}: a route is counted under its template, without query and whatever its value`, async () => {
    const app = newApp();
    app.get('/', ok);
    app.get('/users/:id', ok);
    app.get('/users/:id/posts/:post', ok);
    assert.deepEqual(
      await routesOf(app, '/', '/?a=b', '/users/1', '/users/2?x=/users', '/users/a%2Fb/posts/9', '/users/1/'),
      ['/', '/', '/users/:id', '/users/:id', '/users/:id/posts/:post', '/users/:id'],
    );
  });

  test(`${version}: what matched no route has none`, async () => {
    const app = newApp();
    app.use('/static', ok);
    app.get('/users/:id', ok);
    assert.deepEqual(await routesOf(app, '/nowhere', '/static/x.js', '/users'), [
      undefined,
      undefined,
      undefined,
    ]);
  });

  test(`${version}: nested routers with parameters give the joined templates`, async () => {
    const app = newApp();
    const tenants = express.Router({ mergeParams: true });
    const items = express.Router({ mergeParams: true });
    items.get('/', ok);
    items.get('/:item', ok);
    tenants.use('/items', items);
    tenants.get('/', ok);
    app.use('/api/tenants/:tenant', tenants);
    assert.deepEqual(
      await routesOf(
        app,
        '/api/tenants/42',
        '/api/tenants/42/',
        '/api/tenants/42/items',
        '/api/tenants/7/items/8',
      ),
      [
        '/api/tenants/:tenant',
        '/api/tenants/:tenant',
        '/api/tenants/:tenant/items',
        '/api/tenants/:tenant/items/:item',
      ],
    );
  });

  test(`${version}: a router mounted twice is counted under the mount of the request`, async () => {
    const app = newApp();
    const items = express.Router();
    items.get('/items/:id', ok);
    app.use('/v1', items);
    app.use('/v2', items);
    app.use('/tenants/:tenant', items);
    assert.deepEqual(
      await routesOf(app, '/v1/items/1', '/v2/items/1', '/tenants/42/items/1', '/V2/items/5', '/v1/items/2'),
      ['/v1/items/:id', '/v2/items/:id', '/tenants/:tenant/items/:id', '/v2/items/:id', '/v1/items/:id'],
    );
  });

  test(`${version}: a router mounted at the top and below is distinguished by the length of the path`, async () => {
    const app = newApp();
    const items = express.Router();
    items.get('/items/:id', ok);
    items.get('/', ok);
    app.use(items);
    app.use('/v1', items);
    assert.deepEqual(await routesOf(app, '/items/1', '/v1/items/1', '/v1/items/1/', '/', '/v1', '/v1/'), [
      '/items/:id',
      '/v1/items/:id',
      '/v1/items/:id',
      '/',
      '/v1',
      '/v1',
    ]);
  });

  test(`${version}: a router mounted under several paths at once is counted under the path that was used`, async () => {
    const app = newApp();
    const items = express.Router();
    items.get('/items/:id', ok);
    app.use(['/a', '/b/:name'], items);
    assert.deepEqual(await routesOf(app, '/a/items/1', '/b/x/items/1'), [
      '/a/items/:id',
      '/b/:name/items/:id',
    ]);
  });

  test(`${version}: after an error the template is still the whole one`, async () => {
    const app = newApp();
    const inner = express.Router();
    inner.get('/broken/:id', fail);
    app.use('/once', inner);
    const twice = express.Router();
    twice.get('/broken/:id', fail);
    app.use('/v1', twice);
    app.use('/v2', twice);
    const answer = (_e: unknown, _r: IncomingMessage, response: ServerResponse, _n: Next): void => {
      response.statusCode = 503;
      response.end('sorry');
    };
    app.use(answer);
    assert.deepEqual(await routesOf(app, '/once/broken/1', '/v1/broken/1', '/v2/broken/2'), [
      '/once/broken/:id',
      '/v1/broken/:id',
      '/v2/broken/:id',
    ]);
  });

  test(`${version}: an error that nobody answers for keeps its template`, async () => {
    const app = newApp();
    app.get('/broken/:id', fail);
    assert.deepEqual(await routesOf(app, '/broken/1'), ['/broken/:id']);
  });

  test(`${version}: a route that passes on is counted under the one that responded`, async () => {
    const app = newApp();
    app.get('/users/:id', skip);
    app.get('/users/me', ok);
    app.all('/users/:any', ok);
    assert.deepEqual(await routesOf(app, '/users/me', '/users/7'), ['/users/me', '/users/:any']);
  });

  test(`${version}: regular expressions, lists and wildcards are shown as written`, async () => {
    const app = newApp();
    app.get(/^\/files\/(\d+)$/, ok);
    app.get(['/one', '/two/:x'], ok);
    app.get(wildcard[version] ?? '', ok);
    assert.deepEqual(await routesOf(app, '/files/7', '/one', '/two/3', '/anything/else'), [
      String.raw`/^\/files\/(\d+)$/`,
      '/one|/two/:x',
      '/one|/two/:x',
      wildcard[version],
    ]);
  });

  test(`${version}: a mounted application is counted with its mount`, async () => {
    const app = newApp();
    const admin = newApp();
    const reports = newApp();
    admin.get('/users/:id', ok);
    reports.get('/:year', ok);
    admin.use('/reports', reports);
    app.use('/admin', admin);
    assert.deepEqual(await routesOf(app, '/admin/users/1', '/admin/reports/2026'), [
      '/admin/users/:id',
      '/admin/reports/:year',
    ]);
  });

  test(`${version}: routers behind middleware, in lists and without a path are found`, async () => {
    const app = newApp();
    const [a, b, c] = [express.Router(), express.Router(), express.Router()];
    a.get('/a/:id', ok);
    b.get('/b/:id', ok);
    c.route('/c/:id').get(ok);
    app.use(skip, a);
    app.use('/list', [skip, [b]]);
    b.use(c);
    assert.deepEqual(await routesOf(app, '/a/1', '/list/b/1', '/list/c/1'), [
      '/a/:id',
      '/list/b/:id',
      '/list/c/:id',
    ]);
  });

  test(`${version}: routers that are mounted after the first request are found`, async () => {
    const app = newApp();
    app.get('/first', ok);
    assert.deepEqual(await routesOf(app, '/first'), ['/first']);
    const late = express.Router();
    late.get('/:id', ok);
    app.use('/late', late);
    assert.deepEqual(await routesOf(app, '/late/1'), ['/late/:id']);
  });

  test(`${version}: a router that holds itself does not hang the reader`, async () => {
    const app = newApp();
    const circle = express.Router();
    circle.get('/x/:id', ok);
    circle.use('/again', circle);
    app.use('/circle', circle);
    const [route] = await routesOf(app, '/circle/x/1');
    assert.equal(route, '/circle/x/:id');
  });

  test(`${version}: routers that are mounted twice in each other, many times over, do not hang the reader`, async () => {
    const app = newApp();
    let router = express.Router();
    router.get('/leaf/:id', ok);
    for (let level = 0; level < 18; level += 1) {
      const outer = express.Router();
      outer.use(router);
      outer.use(router);
      router = outer;
    }
    app.use('/deep', router);
    assert.deepEqual(await routesOf(app, '/deep/leaf/1'), ['/deep/leaf/:id']);
  });

  test(`${version}: H1 what a client sent is never in a route`, async () => {
    const people = (before: string, after: string): string[] =>
      Array.from({ length: 30 }, (_, at) => `${before}/person${at}@mail.example${after}`);
    const app = newApp();
    const behind = express.Router();
    behind.get('/leaf/:z', ok);
    app.use('/function/:id', (q: IncomingMessage, s: ServerResponse, n: Next) => {
      (behind as unknown as Handler)(q, s, n);
    });
    app.use('/made/:id', (q: IncomingMessage, s: ServerResponse, n: Next) => {
      const fresh = express.Router();
      fresh.get('/leaf', ok);
      (fresh as unknown as Handler)(q, s, n);
    });
    const sub = newApp();
    let first = true;
    sub.get('/x', (q, s, n) => {
      if (!first) return ok(q, s, n);
      first = false;
      throw new Error('once');
    });
    app.use('/throws/:tenant', sub);
    const on = newApp();
    let seen = 0;
    on.get('/x', (q, s, n) => (seen++ === 0 ? n() : ok(q, s, n)));
    app.use('/passes/:tenant', on);
    const expressions = express.Router();
    expressions.get('/x', ok);
    app.use(/^\/[a-z]+\d*@mail\.example/, expressions);
    app.use((_e: unknown, _r: IncomingMessage, response: ServerResponse, _n: Next) => {
      response.statusCode = 500;
      response.end();
    });
    const every = async (before: string, after: string): Promise<Set<string | undefined>> =>
      new Set(await routesOf(app, ...people(before, after)));
    assert.deepEqual(await every('/function', '/leaf/1'), new Set(['/function/:id/leaf/:z']));
    assert.deepEqual(await every('/made', '/leaf'), new Set(['/made/:id/leaf']));
    assert.deepEqual(await every('/throws', '/x'), new Set(['/throws/:tenant/x']));
    assert.deepEqual(await every('/passes', '/x'), new Set(['/passes/:tenant/x']));
    const [template = '', ...others] = await every('', '/x');
    assert.equal(others.length, 0);
    assert.doesNotMatch(template, /person/);
  });

  test(`${version}: H2 applications and routers are found wherever and however they are mounted`, async () => {
    const app = newApp();
    const listed = newApp();
    listed.get('/x', ok);
    app.use(['/p1', '/p2', '/p3/:q'], listed);
    const twice = newApp();
    twice.get('/x', ok);
    app.use('/one', twice);
    app.use('/two', twice);
    const within = newApp();
    within.get('/x/:y', ok);
    const router = express.Router();
    router.use(within);
    app.use('/router/:k', router);
    const called = newApp();
    called.get('/x/:y', ok);
    app.use('/called/:k', (q: IncomingMessage, s: ServerResponse, n: Next) => {
      (called as unknown as Handler)(q, s, n);
    });
    const slash = express.Router();
    slash.get('/leaf', ok);
    slash.get('/', ok);
    app.use('/api/', slash);
    const [top, admin, settings] = [newApp(), newApp(), newApp()];
    top.get('/hello/:name', ok);
    settings.get('/settings', ok);
    admin.use('/', settings);
    app.use('/', top);
    app.use('/admin', admin);
    assert.deepEqual(
      await routesOf(
        app,
        '/p1/x',
        '/p2/x',
        '/p3/7/x',
        '/one/x',
        '/two/x',
        '/one/x',
        '/router/1/x/2',
        '/called/1/x/2',
        '/api/leaf',
        '/api/',
        '/hello/z',
        '/admin/settings',
      ),
      [
        '/p1/x',
        '/p2/x',
        '/p3/:q/x',
        '/one/x',
        '/two/x',
        '/one/x',
        '/router/:k/x/:y',
        '/called/:k/x/:y',
        '/api/leaf',
        '/api',
        '/hello/:name',
        '/admin/settings',
      ],
    );
  });

  test(`${version}: H2 a router mounted again after its first request has both mounts`, async () => {
    const app = newApp();
    const late = express.Router();
    late.get('/leaf', ok);
    app.use('/first', late);
    assert.deepEqual(await routesOf(app, '/first/leaf'), ['/first/leaf']);
    app.use('/second/:k', late);
    assert.deepEqual(await routesOf(app, '/second/1/leaf', '/first/leaf', '/second/2/leaf'), [
      '/second/:k/leaf',
      '/first/leaf',
      '/second/:k/leaf',
    ]);
  });

  test(`${version}: H2 a literal that equals a value, two parameters in a part, escapes`, async () => {
    const app = newApp();
    const leaf = express.Router();
    leaf.get('/leaf', ok);
    app.use('/42/:t', leaf);
    app.use('/pair/:a-:b', leaf);
    app.use('/name/:n', leaf);
    assert.deepEqual(
      await routesOf(app, '/42/42/leaf', '/42/7/leaf', '/pair/1-2/leaf', '/name/%C3%A5%40b/leaf'),
      ['/42/:t/leaf', '/42/:t/leaf', '/pair/:a-:b/leaf', '/name/:n/leaf'],
    );
  });

  test(`${version}: H2 an address that middleware rewrites counts as what it became`, async () => {
    const app = newApp();
    const shop = express.Router();
    shop.get('/items/:id', ok);
    app.use((q: IncomingMessage, _s: ServerResponse, n: Next) => {
      q.url = '/shop/items/7';
      n();
    });
    app.use('/shop', shop);
    assert.deepEqual(await routesOf(app, '/old?x=1', '/older'), ['/shop/items/:id', '/shop/items/:id']);
  });

  test(`${version}: H2 two requests at once on the same mounts are not mixed up`, async () => {
    const app = newApp();
    const leaf = express.Router({ mergeParams: true });
    leaf.get('/slow', (_q, s) => setTimeout(() => s.end(), 30));
    leaf.get('/quick', (q, s) => s.end((q as unknown as { params: { t: string } }).params.t));
    app.use('/tenants/:t', leaf);
    const [slow, quick] = await Promise.all([
      routesOf(app, '/tenants/1/slow'),
      routesOf(app, '/tenants/2/quick', '/nothing', '/tenants/3/quick'),
    ]);
    assert.deepEqual(
      [slow, quick],
      [['/tenants/:t/slow'], ['/tenants/:t/quick', undefined, '/tenants/:t/quick']],
    );
  });
}

test('a request of another framework, or of none, has no Express route', () => {
  assert.equal(expressRoute({} as IncomingMessage), undefined);
  assert.equal(expressRoute({ route: {} } as unknown as IncomingMessage), undefined);
  const socket = {};
  assert.equal(
    expressRoute({ route: { path: '/x' }, app: {}, socket } as unknown as IncomingMessage),
    undefined,
  );
});

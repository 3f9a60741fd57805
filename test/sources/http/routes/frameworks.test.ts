import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY, Service } from '../../../helpers/service.ts';

interface Row {
  readonly library: string;
  readonly file: string;
  readonly program: string;
  readonly requests: readonly (readonly [path: string, endpoint: string, status: number])[];
}

/** One row per framework: a small service, and for each request the template that it has to count under. */
const rows: readonly Row[] = [
  {
    library: 'fastify',
    file: 'app.cjs',
    program: `
      const app = require('fastify')();
      app.addHook('preHandler', async (request, reply) => { if (request.headers.deny) return reply.code(401).send('no'); });
      app.get('/users/:id', async () => 'ok');
      app.register(async (part) => { part.get('/items/:item', async () => { throw new Error('broken'); }); }, { prefix: '/api/:tenant' });
      app.listen({ port: 0, host: '127.0.0.1' }).then((url) => console.log('listening', new URL(url).port));`,
    requests: [
      ['/users/1', '/users/:id', 200],
      ['/users/2', '/users/:id', 200],
      ['/api/acme/items/7', '/api/:tenant/items/:item', 500],
      ['/nowhere/4711', 'unmatched', 404],
      ['/%zz', 'unmatched', 400],
    ],
  },
  {
    library: 'koa',
    file: 'app.cjs',
    program: `
      const Koa = require('koa');
      const { Router } = require('@koa/router');
      const app = new Koa();
      app.silent = true;
      const inner = new Router();
      inner.get('/items/:item', (context) => { context.body = 'ok'; });
      const router = new Router({ prefix: '/api' });
      router.use('/:tenant', inner.routes());
      router.get('/broken', () => { throw new Error('broken'); });
      app.use(router.routes());
      app.listen(0, '127.0.0.1', function () { console.log('listening', this.address().port); });`,
    requests: [
      ['/api/acme/items/1', '/api/:tenant/items/:item', 200],
      ['/api/other/items/2', '/api/:tenant/items/:item', 200],
      ['/api/broken', '/api/broken', 500],
      ['/nowhere/4711', 'unmatched', 404],
    ],
  },
  {
    library: 'hono',
    file: 'app.mjs',
    program: `
      import { Hono } from 'hono';
      import { serve } from '@hono/node-server';
      const app = new Hono();
      app.use('*', async (context, next) => { await next(); });
      const items = new Hono();
      items.get('/:item', (context) => context.text('ok'));
      items.post('/:item', async (context) => { await context.req.text(); return context.text('made', 201); });
      app.route('/api/:tenant/items', items);
      app.get('/broken', () => { throw new Error('broken'); });
      app.onError((error, context) => context.text('broken', 500));
      serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log('listening', port));`,
    requests: [
      ['/api/acme/items/1', '/api/:tenant/items/:item', 200],
      ['/api/other/items/2', '/api/:tenant/items/:item', 200],
      ['/broken', '/broken', 500],
      ['/nowhere/4711', 'unmatched', 404],
    ],
  },
];

for (const { library, file, program, requests } of rows) {
  test(`${library}: every request counts under its template, never under its path`, async (t) => {
    const cwd = mkdtempSync(join(tmpdir(), 'monitoring-framework-'));
    t.after(() => rmSync(cwd, { recursive: true, force: true }));
    symlinkSync(join(REPOSITORY, 'node_modules'), join(cwd, 'node_modules'));
    writeFileSync(join(cwd, file), program);
    await using service = new Service(join(cwd, file), { cwd });
    const url = await service.url();
    const counts = new Map<string, number>();
    for (const [path, endpoint, status] of requests) {
      const response = await fetch(`${url}${path}`);
      assert.equal(response.status, status, path);
      await response.text();
      const series = `endpoint="${endpoint}",method="GET",status="${status}"`;
      counts.set(series, (counts.get(series) ?? 0) + 1);
    }
    const page = await service.metrics();
    for (const [series, count] of counts) {
      assert.ok(page.includes(`http_requests_total{${series}} ${count}\n`), `${series} ${count} in\n${page}`);
    }
    assert.doesNotMatch(page, /4711|acme/);
    assert.match(
      page,
      new RegExp(`monitoring_source_info\\{library="${library}",source="http",state="patched"`),
    );
  });
}

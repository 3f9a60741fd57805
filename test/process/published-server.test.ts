import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY, Service } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

test('a published server, unchanged, shows the templates of its nested routes with parameters', async () => {
  const cwd = temporaryFolder('json-server');
  const posts = [1, 2, 3].map((id) => ({ id, title: `post ${id}` }));
  writeFileSync(
    join(cwd, 'db.json'),
    JSON.stringify({ posts, comments: [{ id: 1, postId: 1 }], profile: {} }),
  );
  const port = await freePort();
  const jsonServer = join(REPOSITORY, 'node_modules/json-server/lib/cli/bin.js');
  await using service = new Service(jsonServer, {
    cwd,
    args: ['--host', '127.0.0.1', '--port', String(port), 'db.json'],
  });
  await service.line(/Home/);
  const url = `http://127.0.0.1:${port}`;
  for (const path of ['/posts/1', '/posts/2', '/posts', '/posts/1/comments', '/profile', '/nowhere']) {
    await (await fetch(url + path)).text();
  }
  await fetch(`${url}/posts/3`, { method: 'DELETE' });
  const page = await service.metrics();
  const counted = [
    ...page.matchAll(/^http_requests_total\{endpoint="([^"]*)",method="(\w+)",status="(\d+)"\} (\d+)$/gm),
  ].map(([, endpoint, method, status, count]) => `${method} ${endpoint} ${status} ${count}`);
  assert.ok(counted.includes('GET /posts/:id 200 2'), counted.join('\n'));
  assert.ok(counted.includes('DELETE /posts/:id 200 1'), counted.join('\n'));
  assert.doesNotMatch(page, /endpoint="\/posts\/\d/);
  rmSync(cwd, { recursive: true, force: true });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { builtWith, programWith } from '../helpers/recipe.ts';
import { Service } from '../helpers/service.ts';

const reader = `
import type { IncomingMessage } from 'node:http';
import type { RouteReader } from './route-reader.ts';

/** tinyweb leaves the route on the request. */
export const tinywebRoutes: RouteReader = {
  library: 'tinyweb',
  hooks: [{ file: 'tinyweb/index.js' }],
  read: (request) => (request as IncomingMessage & { tiny?: { template: string } }).tiny?.template,
};
`;

test('a route reader is one file and one line: its templates are the endpoints', async () => {
  const register = await builtWith({
    file: 'sources/http/routes/tinyweb.ts',
    text: reader,
    table: 'sources/http/routes/route-readers.ts',
    row: 'tinywebRoutes',
  });
  const cwd = programWith(
    `require('tinyweb').serve('/users/:id').listen(0, '127.0.0.1', function () {
       console.log('listening', this.address().port);
     });`,
    {
      tinyweb: `exports.serve = (template) => require('node:http').createServer((request, response) => {
        request.tiny = { template };
        response.end();
      });`,
    },
  );
  await using service = new Service(join(cwd, 'app.cjs'), { cwd, nodeArgs: ['--require', register] });
  await fetch(`${await service.url()}/users/7`);
  const page = await service.metricsWith(
    /^http_requests_total\{endpoint="\/users\/:id",method="GET",status="200"\} 1$/m,
  );
  assert.match(
    page,
    /^monitoring_source_info\{library="tinyweb",source="http",state="observed",version="3.1.0"\} 1$/m,
  );
});

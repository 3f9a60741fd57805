import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { fixture, Service } from '../helpers/service.ts';

const express = { env: { NODE_PATH: '' } };

test('nested routers of an unchanged Express service give route templates as endpoint', async () => {
  await using service = new Service(fixture('express-nested.cjs'), express);
  const url = await service.url();
  await fetch(`${url}/api/tenants/42/items/7`);
  await fetch(`${url}/api/tenants/43/items/8`);
  await fetch(`${url}/nowhere/at/all`);
  await fetch(`${url}/broken`);
  const page = await service.metrics();
  assert.match(
    page,
    /^http_requests_total\{endpoint="\/api\/tenants\/:tenant\/items\/:item",method="GET",status="200"\} 2$/m,
  );
  assert.match(page, /^http_requests_total\{endpoint="unmatched",method="GET",status="404"\} 1$/m);
  assert.match(page, /^http_requests_total\{endpoint="\/broken",method="GET",status="500"\} 1$/m);
  assert.doesNotMatch(page, /tenants\/42/);
});

test('a request whose client leaves before the answer counts with status 499', async () => {
  await using service = new Service(fixture('web.cjs'));
  const url = await service.url();
  const gone = request(`${url}/never`);
  gone.on('error', () => {});
  gone.end();
  await new Promise((arrived) => gone.on('socket', (socket) => socket.on('connect', arrived)));
  await fetch(`${url}/`);
  gone.destroy();
  await service.metricsWith(/^http_requests_total\{endpoint="unmatched",method="GET",status="499"\} 1$/m);
});

test('our own pages are not counted as requests of the service', async () => {
  await using service = new Service(fixture('web.cjs'));
  await fetch(await service.url());
  await service.metrics();
  await service.metrics();
  const page = await service.metrics();
  assert.match(page, /^http_requests_total\{endpoint="unmatched",method="GET",status="200"\} 1$/m);
});

test('/metrics speaks the text format, compresses, and answers HEAD, 404 and 405', async () => {
  await using service = new Service(fixture('web.cjs'), { env: { MONITORING_METRICS_TOKEN: 'open sesame' } });
  const base = await service.monitorUrl();
  const headers = { authorization: 'Bearer open sesame' };
  const page = await fetch(`${base}/metrics`, { headers });
  assert.equal(page.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(page.headers.get('content-encoding'), 'gzip');
  const raw = await new Promise<Buffer>((done) => {
    request(`${base}/metrics`, { headers: { ...headers, 'accept-encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(Buffer.concat(chunks)));
    }).end();
  });
  assert.match(gunzipSync(raw).toString(), /^# TYPE system_memory_usage gauge$/m);
  const head = await fetch(`${base}/metrics`, { method: 'HEAD', headers });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
  assert.equal((await fetch(`${base}/other`, { headers })).status, 404);
  assert.equal((await fetch(`${base}/metrics`, { method: 'POST', headers })).status, 405);
  assert.equal((await fetch(`${base}/metrics`)).status, 401);
  assert.equal((await fetch(`${base}/metrics`, { headers: { authorization: 'Bearer wrong' } })).status, 401);
});

test('while the event loop is blocked /metrics answers with the last values and monitoring_agent_up 0', async () => {
  await using service = new Service(fixture('web.cjs'));
  const url = await service.url();
  await fetch(`${url}/missing`);
  await service.metricsWith(/status="404"\} 1$/m);
  await fetch(`${url}/block?ms=5000`);
  const page = await service.metricsWith(/^monitoring_agent_up 0$/m);
  assert.match(page, /^http_requests_total\{endpoint="unmatched",method="GET",status="404"\} 1$/m);
  await service.metricsWith(/^monitoring_agent_up 1$/m);
});

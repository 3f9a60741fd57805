// prom-client in the service's process.
'use strict';
require('./report-usage.cjs');
const { BOUNDARIES, observeAll } = require('./series.cjs');
const { Counter, Histogram, register } = require(process.env.BENCH_PEER);

const requests = new Counter({
  name: 'http_requests_total',
  help: 'Total HTTP requests',
  labelNames: ['method', 'endpoint', 'status'],
});
const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'HTTP request duration',
  labelNames: ['method', 'endpoint'],
  buckets: BOUNDARIES,
});
observeAll(Number(process.env.BENCH_SERIES), (labels, seconds) => {
  requests.inc({ ...labels, status: '200' });
  duration.observe(labels, seconds);
});

const server = require('node:http').createServer(async (request, response) => {
  response.setHeader('content-type', register.contentType);
  response.end(await register.metrics());
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

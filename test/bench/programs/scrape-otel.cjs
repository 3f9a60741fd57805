// OpenTelemetry's own Prometheus exporter in the service's process.
'use strict';
require('./report-usage.cjs');
const { BOUNDARIES, observeAll } = require('./series.cjs');
const { MeterProvider } = require(process.env.BENCH_SDK);
const { PrometheusExporter } = require(process.env.BENCH_PEER);

const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
const meter = new MeterProvider({ readers: [exporter] }).getMeter('bench');
const requests = meter.createCounter('http_requests_total');
const duration = meter.createHistogram('http_request_duration_seconds', {
  unit: 's',
  advice: { explicitBucketBoundaries: BOUNDARIES },
});
observeAll(Number(process.env.BENCH_SERIES), (labels, seconds) => {
  requests.add(1, { ...labels, status: '200' });
  duration.record(seconds, labels);
});

const server = require('node:http').createServer((request, response) =>
  exporter.getMetricsRequestHandler(request, response),
);
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

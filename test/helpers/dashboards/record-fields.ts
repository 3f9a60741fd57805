import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { readSettings } from '../../../src/config/read-settings.ts';
import { resourceOf } from '../../../src/config/service-identity.ts';
import { severityNumbers } from '../../../src/logging/record/severity-numbers.ts';
import { decodeEntry, encodeEntry } from '../../../src/spool/record-line.ts';
import { RecordMaker } from '../../../src/monitor/shipping/batch.ts';
import { LokiModel, startLokiModel } from '../stack/loki/model.ts';

/** What a query may name: labels of streams, and fields of lines. */
export interface LokiFields {
  readonly labels: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

/** Extras of the log calls of the demo shop, and those that an error brings. */
const EXTRAS = {
  order: 1,
  customer: '1',
  user: 'ada',
  model: 'gpt-4o-mini',
  outputTokens: 20,
  reason: 'no interface',
  'otel.event.name': 'security.login_failed',
  'exception.type': 'Error',
  'exception.message': 'no interface',
  'exception.stacktrace': 'Error: no interface',
};

const AT_MS = Date.UTC(2026, 10, 24);

/** Added by Loki itself: https://grafana.com/docs/loki/latest/get-started/labels/#default-labels-for-all-users */
const OF_LOKI = ['detected_level'];

/** Sends a record with everything that a record can have to the model of Loki with our collector/loki/loki.yaml. */
export async function fieldsInLoki(): Promise<LokiFields> {
  const { settings } = readSettings(
    { OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=geometra,deployment.environment.name=test' },
    () => '',
  );
  const resource = resourceOf(settings, {
    program: undefined,
    cwd: '/',
    hostname: 'host',
    pid: 1,
    processId: 'process',
    version: '1',
    readFile: () => '{}',
  });
  const line = encodeEntry({
    atMs: AT_MS,
    subNs: 1,
    severity: severityNumbers.ERROR,
    logger: 'api',
    application: 'api',
    version: '1',
    body: 'order placed',
    uid: '01KAVCRX8N0000000000000000',
    code: {
      functionName: 'place',
      filePath: '/shop/orders.js',
      line: 22,
      json: '["place","/shop/orders.js",22]',
    },
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    traceFlags: 1,
    eventName: 'security.login_failed',
    stack: '',
    attributesJson: JSON.stringify(EXTRAS).slice(1, -1),
  });
  const entry = decodeEntry(line.trimEnd());
  if (!entry) throw new TypeError('the line of the spool cannot be read');
  const maker = new RecordMaker({
    spool: 1,
    resource,
    processId: 'process',
    pid: 1,
    start: '',
    host: '',
    format: 'text',
  });
  const loki = await startLokiModel(new LokiModel({}, () => AT_MS));
  const exporter = new OTLPLogExporter({ url: `${loki.url}/otlp/v1/logs` });
  const { code, error } = await new Promise<ExportResult>((done) => {
    exporter.export([maker.make(entry)], done);
  });
  await exporter.shutdown();
  await loki.stop();
  const [found] = loki.model.entries();
  if (code !== ExportResultCode.SUCCESS || !found) throw error ?? new TypeError('the record did not arrive');
  const labels = new Set(Object.keys(found.labels));
  return { labels, fields: new Set([...labels, ...Object.keys(found.metadata), ...OF_LOKI]) };
}

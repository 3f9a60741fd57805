import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sendVisitors } from '../../demo/visitors.ts';
import { panelQueries } from '../helpers/dashboards/dashboard-files.ts';
import { type Language, queriesOfPage } from '../helpers/dashboards/fenced.ts';
import { atEnd } from '../helpers/stack/at-end.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { queryPrometheus } from '../helpers/stack/prometheus.ts';
import { startTestShop } from '../helpers/stack/shop.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';
import { queryLogs } from '../helpers/stack/victoria-logs.ts';

const SERVICES = ['prometheus', 'otelcol', 'victorialogs', 'mailpit'] as const;
const LIMIT_MS = 60_000;

const RULES = `rules:
  - name: always
    condition: system_memory_usage > 0
    duration: 0s
    severity: warning
    description: Holds always.
    labels: {category: system}
`;

/** The shop has no tracing: a record of another service, in the trace that the page asks for. */
async function sendTracedRecord(collector: string): Promise<void> {
  const text = (stringValue: string): object => ({ stringValue });
  const record = {
    timeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
    severityText: 'INFO',
    body: text('parcel sent'),
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    attributes: [{ key: 'application', value: text('api') }],
  };
  const answer = await fetch(`${collector}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: text('parcels') }] },
          scopeLogs: [{ scope: { name: 'api' }, logRecords: [record] }],
        },
      ],
    }),
  });
  assert.equal(answer.status, 200);
}

test(
  'every question of docs/queries.md in PromQL and LogsQL is answered by the real programs, with data of the demo shop',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const folder = temporaryFolder(context);
    const stack = await startTestStack(context, SERVICES, { folder });
    const rules = join(folder, 'rules.yml');
    writeFileSync(rules, RULES);
    const collector = stack.url('otelcol', 4318);
    const shop = await startTestShop(context, folder, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector,
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
      MONITORING_RULES: rules,
      MONITORING_RULES_INTERVAL: '1s',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: new URL(stack.url('mailpit', 1025)).port,
      SMTP_TLS: 'off',
      SMTP_FROM: 'monitoring@shop.example',
      SMTP_TO: 'ops@shop.example',
    });
    await sendTracedRecord(collector);
    const visitors = sendVisitors(shop.url);
    atEnd(context, async () => visitors.leave());
    const ask: Readonly<Record<Language, (query: string) => Promise<readonly unknown[]>>> = {
      promql: async (query) => queryPrometheus(stack.url('prometheus', 9090), query),
      logsql: async (query) => queryLogs(stack.url('victorialogs', 9428), query),
      // Parsed by test/dashboards: no Loki is built here.
      logql: () => Promise.resolve([]),
    };
    const queries = queriesOfPage().filter(({ language }) => language !== 'logql');
    assert.ok(queries.length > 30, `${queries.length} queries`);
    const unanswered = async (): Promise<readonly string[]> => {
      const answers = await Promise.all(
        queries.map(async ({ language, query, question, needsHistory }) => {
          const rows = await ask[language](query);
          return rows.length > 0 || needsHistory ? [] : [`${question}: ${query}`];
        }),
      );
      return answers.flat();
    };
    await eventually(async () => assert.deepEqual(await unanswered(), []), LIMIT_MS);
  },
);

const lokiUrl = process.env['LOKI_URL'];

/** Loki's words when it refuses a query; undefined when it answers. */
async function refusedByLoki(url: string, query: string): Promise<string | undefined> {
  const parameters = new URLSearchParams({ query, since: '1h', step: '60', limit: '10' });
  const response = await fetch(`${url}/loki/api/v1/query_range?${parameters.toString()}`);
  const text = await response.text();
  return response.ok ? undefined : `${query}: ${response.status} ${text}`;
}

test(
  'every LogQL query of docs/queries.md and of the dashboards is taken by the Loki that LOKI_URL names',
  { skip: lokiUrl === undefined && 'no Loki: LOKI_URL is not set' },
  async () => {
    const ofPage = queriesOfPage().filter(({ language }) => language === 'logql');
    const queries = [...ofPage, ...panelQueries('loki')].map(({ query }) => query);
    assert.ok(queries.length > 12, `${queries.length} queries`);
    const refused = await Promise.all(queries.map(async (query) => refusedByLoki(lokiUrl ?? '', query)));
    assert.deepEqual(
      refused.filter((words) => words !== undefined),
      [],
    );
  },
);

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sendVisitors } from '../../demo/visitors.ts';
import { atEnd } from '../helpers/stack/at-end.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { filledIn, panelQueries } from '../helpers/stack/panels.ts';
import { queryPrometheus } from '../helpers/stack/prometheus.ts';
import { startTestShop } from '../helpers/stack/shop.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';

const SERVICES = ['prometheus', 'otelcol', 'victorialogs', 'mailpit'] as const;

const RULES = `rules:
  - name: always
    condition: system_memory_usage > 0
    duration: 0s
    severity: warning
    description: Holds always.
    labels: {category: system}
`;

for (const metrics of ['otlp', 'scrape']) {
  test(
    `every panel of the dashboards that asks Prometheus gets data of the shop, metrics by ${metrics}`,
    { skip: unlessBuilt(SERVICES) },
    async (context) => {
      const folder = temporaryFolder(context);
      const stack = await startTestStack(context, SERVICES, { folder, env: { STACK_METRICS: metrics } });
      const rules = join(folder, 'rules.yml');
      writeFileSync(rules, RULES);
      const shop = await startTestShop(context, folder, {
        OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318),
        OTEL_METRIC_EXPORT_INTERVAL: '1000',
        MONITORING_RULES: rules,
        MONITORING_RULES_INTERVAL: '1s',
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: stack.url('mailpit', 1025).replace(/^.*:/, ''),
        SMTP_TLS: 'off',
        SMTP_FROM: 'monitoring@shop.example',
        SMTP_TO: 'ops@shop.example',
      });
      if (metrics === 'scrape') {
        writeFileSync(
          join(folder, 'configuration/etc/prometheus/targets/shop.yml'),
          JSON.stringify([{ targets: [shop.metricsAddress], labels: { job: 'shop' } }]),
        );
      }
      const visitors = sendVisitors(shop.url);
      atEnd(context, async () => visitors.leave());
      const url = stack.url('prometheus', 9090);
      const queries = panelQueries('prometheus');
      assert.ok(queries.length > 50, `${queries.length} queries`);
      const empty = async (): Promise<readonly string[]> => {
        const answers = await Promise.all(
          queries.map(async ({ dashboard, panel, query }) => {
            const samples = await queryPrometheus(url, filledIn(query));
            return samples.length > 0 ? [] : [`${dashboard}, ${panel}: ${query}`];
          }),
        );
        return answers.flat();
      };
      await eventually(async () => assert.deepEqual(await empty(), []), 60_000);
    },
  );
}

import { MappingType, type Dashboard, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { byLevel, byStatus, limits, thresholds } from './colors.ts';
import { dashboard } from './dashboard.ts';
import { requestRate, requestSeconds, requestShare, SERVER_ERROR } from './http-queries.ts';
import { FULL_WIDTH, lines, number } from './panels.ts';
import { OF_SERVICE } from './queries.ts';
import { rowsOf } from './table-panel.ts';
import { metricsSource, serviceVariables } from './variables.ts';

const isUp: ValueMapping = {
  type: MappingType.ValueToText,
  options: { '0': { text: 'no', color: 'red' }, '1': { text: 'yes', color: 'green' } },
};

/** Is everything well, and if not: where? */
export function overview(): Dashboard {
  const { cpu, memory, disk, errorShare, httpSeconds, none } = limits;
  return dashboard({
    name: 'overview',
    title: 'Overview',
    about: 'Health of all services at a glance',
    variables: [metricsSource(), ...serviceVariables()],
    rows: [
      [
        number({
          title: 'Alerts firing',
          about: 'Alerts that are firing now; see the Alerts dashboard.',
          width: 3,
          expr: `count(ALERTS{alertstate="firing",severity!="none",${OF_SERVICE}}) or vector(0)`,
          limits: none(),
        }),
        number({
          title: 'All responding',
          about: 'Whether the event loops of all processes respond. A blocked event loop serves no requests.',
          width: 3,
          expr: `min(monitoring_agent_up{${OF_SERVICE}})`,
          mappings: [isUp],
          limits: thresholds('red', [1, 'green']),
        }),
        number({
          title: 'Requests',
          about: 'Requests per second.',
          width: 3,
          unit: 'reqps',
          expr: requestRate(''),
          withLine: true,
        }),
        number({
          title: 'Errors',
          about: 'Percentage of requests with status 5xx.',
          width: 3,
          unit: 'percentunit',
          expr: requestShare(SERVER_ERROR, ''),
          withLine: true,
          limits: errorShare(),
        }),
        number({
          title: '95th percentile',
          about: '95th percentile of the request duration.',
          width: 3,
          unit: 's',
          expr: requestSeconds(0.95, ''),
          withLine: true,
          limits: httpSeconds(),
        }),
        number({
          title: 'CPU',
          about: 'CPU usage of the busiest host.',
          width: 3,
          unit: 'percent',
          expr: `max(system_cpu_usage{${OF_SERVICE}})`,
          withLine: true,
          limits: cpu(),
        }),
        number({
          title: 'Memory',
          about: 'Memory usage of the fullest host.',
          width: 3,
          unit: 'percent',
          expr: `max(system_memory_usage{${OF_SERVICE}})`,
          withLine: true,
          limits: memory(),
        }),
        number({
          title: 'Disk',
          about: 'Disk usage of the fullest host.',
          width: 3,
          unit: 'percent',
          expr: `max(system_disk_usage{${OF_SERVICE}})`,
          withLine: true,
          limits: disk(),
        }),
      ],
      [
        rowsOf({
          title: 'Services',
          about: 'All services in the selected time range.',
          width: FULL_WIDTH,
          height: 6,
          rows: { job: 'service' },
          columns: [
            {
              title: 'processes and hosts',
              expr: `count by (job) (system_cpu_usage{${OF_SERVICE}})`,
            },
            { title: 'requests', unit: 'reqps', expr: requestRate('', 'job', '$__range') },
            {
              title: 'errors',
              unit: 'percentunit',
              expr: requestShare(SERVER_ERROR, '', 'job', '$__range'),
              limits: errorShare(),
            },
            {
              title: '95th percentile',
              unit: 's',
              expr: requestSeconds(0.95, '', ['job'], '$__range'),
              limits: httpSeconds(),
            },
            {
              title: 'errors logged',
              expr: `sum by (job) (increase(log_records_total{level=~"ERROR|CRITICAL",${OF_SERVICE}}[$__range]))`,
            },
            {
              title: 'alerts firing',
              expr: `count by (job) (ALERTS{alertstate="firing",severity!="none",${OF_SERVICE}})`,
              limits: none(),
            },
          ],
          sortedBy: 'requests',
        }),
      ],
      [
        lines({
          title: 'Requests by status',
          about: 'Requests per second by status. 499: the client disconnected before the response.',
          width: 12,
          unit: 'reqps',
          queries: [{ expr: requestRate('', 'status'), legend: '{{status}}' }],
          stacked: true,
          colors: byStatus,
        }),
        lines({
          title: 'Request duration',
          about: '50th, 95th and 99th percentile of the request duration.',
          width: 12,
          unit: 's',
          queries: [
            { expr: requestSeconds(0.5, ''), legend: 'half' },
            { expr: requestSeconds(0.95, ''), legend: '95 of 100' },
            { expr: requestSeconds(0.99, ''), legend: '99 of 100' },
          ],
          limits: httpSeconds(),
        }),
      ],
      [
        lines({
          title: 'Log records by level',
          about: 'Log records per second, by level.',
          width: 8,
          queries: [
            {
              expr: `sum by (level) (rate(log_records_total{${OF_SERVICE}}[$__rate_interval]))`,
              legend: '{{level}}',
            },
          ],
          unit: 'cps',
          stacked: true,
          colors: byLevel,
        }),
        lines({
          title: 'Database queries',
          about: 'Queries per second, by database.',
          width: 8,
          unit: 'ops',
          queries: [
            {
              expr: `sum by (database) (rate(db_queries_total{${OF_SERVICE}}[$__rate_interval]))`,
              legend: '{{database}}',
            },
          ],
        }),
        lines({
          title: 'AI requests',
          about: 'Requests to AI models per second, by status.',
          width: 8,
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (status) (rate(ai_requests_total{${OF_SERVICE}}[$__rate_interval]))`,
              legend: '{{status}}',
            },
          ],
          stacked: true,
        }),
      ],
    ],
  });
}

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
    about: 'Is everything well, and if not: where?',
    variables: [metricsSource(), ...serviceVariables()],
    rows: [
      [
        number({
          title: 'Alerts firing',
          about: 'Alerts that fire now. The dashboard Alerts says which.',
          width: 3,
          expr: `count(ALERTS{alertstate="firing",severity!="none",${OF_SERVICE}}) or vector(0)`,
          limits: none(),
        }),
        number({
          title: 'All respond',
          about: 'Whether the event loop of every process answers. While it is blocked no request is served.',
          width: 3,
          expr: `min(monitoring_agent_up{${OF_SERVICE}})`,
          mappings: [isUp],
          limits: thresholds('red', [1, 'green']),
        }),
        number({
          title: 'Requests',
          about: 'Requests a second.',
          width: 3,
          unit: 'reqps',
          expr: requestRate(''),
          withLine: true,
        }),
        number({
          title: 'Errors',
          about: 'Share of the requests that were answered with a status of 5xx.',
          width: 3,
          unit: 'percentunit',
          expr: requestShare(SERVER_ERROR, ''),
          withLine: true,
          limits: errorShare(),
        }),
        number({
          title: '95 of 100 within',
          about: 'The duration that 95 of 100 requests stay below.',
          width: 3,
          unit: 's',
          expr: requestSeconds(0.95, ''),
          withLine: true,
          limits: httpSeconds(),
        }),
        number({
          title: 'Processors',
          about: 'How busy the processors are, of the busiest host.',
          width: 3,
          unit: 'percent',
          expr: `max(system_cpu_usage{${OF_SERVICE}})`,
          withLine: true,
          limits: cpu(),
        }),
        number({
          title: 'Memory',
          about: 'How much of the memory is used, of the fullest host.',
          width: 3,
          unit: 'percent',
          expr: `max(system_memory_usage{${OF_SERVICE}})`,
          withLine: true,
          limits: memory(),
        }),
        number({
          title: 'Disk',
          about: 'How much of the disk is used, of the fullest host.',
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
          about: 'Each service over the time shown.',
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
              title: '95 of 100 within',
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
          about: 'Which answers the clients get. 499: the client went away before it had one.',
          width: 12,
          unit: 'reqps',
          queries: [{ expr: requestRate('', 'status'), legend: '{{status}}' }],
          stacked: true,
          colors: byStatus,
        }),
        lines({
          title: 'Duration of requests',
          about: 'How long the fastest half, 95 and 99 of 100 requests take at most.',
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
          about: 'Whether more errors are logged than usual.',
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
          about: 'Queries a second, by database.',
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
          about: 'Requests a second to language models, by what became of them.',
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

import { MappingType, type Dashboard, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { limits, thresholds } from './colors.ts';
import { dashboard } from './dashboard.ts';
import { lines, number, states } from './panels.ts';
import { OF_SERVICE } from './queries.ts';
import { metricsSource, serviceVariables } from './variables.ts';

const PROCESS = '{{job}} {{instance}}';

const answers: ValueMapping = {
  type: MappingType.ValueToText,
  options: { '0': { text: 'blocked', color: 'red' }, '1': { text: 'responds', color: 'green' } },
};

const each = (metric: string): string => `${metric}{${OF_SERVICE}}`;

/** Are hosts and processes well, or do they lack something? */
export function system(): Dashboard {
  const { cpu, memory, disk, lagSeconds, busyShare, none } = limits;
  return dashboard({
    name: 'system',
    title: 'System',
    about: 'CPU, memory, disk and event loop of hosts and processes',
    variables: [metricsSource(), ...serviceVariables()],
    rows: [
      [
        number({
          title: 'CPU',
          about: 'CPU usage of the busiest host.',
          width: 4,
          unit: 'percent',
          expr: `max(${each('system_cpu_usage')})`,
          withLine: true,
          limits: cpu(),
        }),
        number({
          title: 'Memory',
          about: 'Memory usage of the fullest host.',
          width: 4,
          unit: 'percent',
          expr: `max(${each('system_memory_usage')})`,
          withLine: true,
          limits: memory(),
        }),
        number({
          title: 'Disk',
          about: 'Disk usage of the fullest host.',
          width: 4,
          unit: 'percent',
          expr: `max(${each('system_disk_usage')})`,
          withLine: true,
          limits: disk(),
        }),
        number({
          title: 'Processes',
          about: 'Processes of the services connected to their monitors.',
          width: 4,
          expr: `sum(${each('monitoring_agents')})`,
          withLine: true,
        }),
        number({
          title: 'Killed or crashed',
          about:
            'Processes that failed in the selected time range: exit code other than 0, uncaught error, or killed.',
          width: 4,
          expr: `round(sum(increase(monitoring_process_ends_total{kind=~"failure|exception|killed",${OF_SERVICE}}[$__range])))`,
          limits: none(),
        }),
        number({
          title: 'Uptime',
          about: 'Uptime of the youngest process.',
          width: 4,
          unit: 'dtdurations',
          expr: `time() - max(${each('process_start_time_seconds')})`,
        }),
      ],
      [
        lines({
          title: 'CPU',
          about: 'CPU usage per host.',
          width: 8,
          unit: 'percent',
          max: 100,
          queries: [{ expr: each('system_cpu_usage'), legend: PROCESS }],
          limits: cpu(),
        }),
        lines({
          title: 'Memory',
          about: 'Memory usage per host.',
          width: 8,
          unit: 'percent',
          max: 100,
          queries: [{ expr: each('system_memory_usage'), legend: PROCESS }],
          limits: memory(),
        }),
        lines({
          title: 'Disk',
          about: 'Disk usage per host.',
          width: 8,
          unit: 'percent',
          max: 100,
          queries: [{ expr: each('system_disk_usage'), legend: PROCESS }],
          limits: disk(),
        }),
      ],
      [
        states({
          title: 'Event loop',
          about: 'Whether the event loop of each process responds. A blocked event loop serves no requests.',
          width: 24,
          queries: [{ expr: each('monitoring_agent_up'), legend: PROCESS }],
          mappings: [answers],
          limits: thresholds('red', [1, 'green']),
        }),
      ],
      [
        lines({
          title: 'Event loop delay',
          about: '99th percentile of the event loop delay. A high delay means long synchronous work.',
          width: 12,
          unit: 's',
          queries: [{ expr: each('nodejs_eventloop_lag_p99_seconds'), legend: PROCESS }],
          limits: lagSeconds(),
        }),
        lines({
          title: 'Event loop utilization',
          about: 'Percentage of time that the event loop is busy. At 100 % the process is saturated.',
          width: 12,
          unit: 'percentunit',
          max: 1,
          queries: [{ expr: each('nodejs_eventloop_utilization_ratio'), legend: PROCESS }],
          limits: busyShare(),
        }),
      ],
      [
        lines({
          title: 'Process memory',
          about: 'Resident memory and used heap. A line that rises for hours indicates a leak.',
          width: 12,
          unit: 'bytes',
          queries: [
            { expr: each('process_resident_memory_bytes'), legend: `${PROCESS} resident` },
            { expr: each('nodejs_heap_size_used_bytes'), legend: `${PROCESS} heap` },
          ],
        }),
        lines({
          title: 'Process CPU',
          about: 'CPU cores used by each service.',
          width: 12,
          queries: [
            {
              expr: `sum by (job, instance) (rate(process_cpu_seconds_total{${OF_SERVICE}}[$__rate_interval]))`,
              legend: PROCESS,
            },
          ],
        }),
      ],
    ],
  });
}

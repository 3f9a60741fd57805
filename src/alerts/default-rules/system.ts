import type { DefaultRule } from '../rules/alert-rule.ts';

/** Resources of the host and of the service. Ranges stay within an hour, so that the samples fit into memory. */
export const systemRules: readonly DefaultRule[] = [
  {
    name: 'ServiceDown',
    condition: 'monitoring_agents == 0',
    duration: '30s',
    severity: 'critical',
    description:
      'No process of the service runs: none is linked to its separate monitor, which reports this instead of the service.',
    action: 'Start the service. The log of the package shows how its processes ended, where that is known.',
    labels: {},
  },
  {
    name: 'EventLoopBlocked',
    condition: 'monitoring_agent_up == 0',
    duration: '5s',
    keepFiringFor: '15s',
    interval: '5s',
    severity: 'critical',
    description:
      'The service does not respond: the event loop of one of its processes has not answered for more than five seconds. While it is blocked no request is served.',
    action:
      'Find what computes or waits synchronously: a profile (`node --cpu-prof`), a large JSON, a regular expression, a `…Sync` call. Until then restart the service.',
    labels: {},
  },
  {
    name: 'EventLoopLag',
    condition: 'min_over_time(nodejs_eventloop_lag_p99_seconds[2m]) > 0.2',
    duration: '3m',
    severity: 'warning',
    description:
      'The event loop answers late: one in a hundred turns waits {{ $value | humanizeDuration }} or longer. Something computes for long without a break.',
    action: 'Take a profile while it lasts and split up the longest function, or move it to a worker thread.',
    labels: {},
  },
  {
    name: 'EventLoopSaturated',
    condition: 'avg_over_time(nodejs_eventloop_utilization_ratio[5m]) > 0.95',
    duration: '5m',
    severity: 'warning',
    description:
      'The service works at its limit: its event loop is busy {{ $value | humanizePercentage }} of the time.',
    action:
      'Start more processes or machines, or make the busiest route cheaper; a profile shows which it is.',
    labels: {},
  },
  {
    name: 'HighCpu',
    condition: 'avg_over_time(system_cpu_usage[5m]) > 90',
    duration: '5m',
    severity: 'warning',
    description:
      'The processors of the host are busy to {{ printf "%.0f" $value }} % on average over five minutes.',
    action:
      'See which process takes the time (`top`), and whether the load is wanted. Add machines if it is.',
    labels: {},
  },
  {
    name: 'HighMemory',
    condition: 'min_over_time(system_memory_usage[2m]) > 92',
    duration: '3m',
    severity: 'warning',
    description: 'The memory of the host is used to {{ printf "%.0f" $value }} %.',
    action: 'See which process holds it (`top`, sorted by RES) before the kernel ends one.',
    labels: {},
  },
  {
    name: 'DiskAlmostFull',
    condition: 'system_disk_usage > 90',
    duration: '5m',
    severity: 'warning',
    description: 'The disk of the host is used to {{ printf "%.1f" $value }} %.',
    action:
      'Find what grows (`du -x -d 2 /`): logs, dumps, images of containers. Delete or move it, or enlarge the disk.',
    labels: {},
  },
  {
    name: 'DiskFull',
    condition: 'system_disk_usage > 97',
    duration: '1m',
    severity: 'critical',
    description: 'The disk of the host is used to {{ printf "%.1f" $value }} %: writing will soon fail.',
    action: 'Free space now (`du -x -d 2 /`): logs, dumps, images of containers.',
    labels: {},
  },
  {
    name: 'MemoryGrowing',
    condition:
      'min_over_time(process_resident_memory_bytes[25m]) > 1.5 * min_over_time(process_resident_memory_bytes[25m] offset 30m) and process_resident_memory_bytes > 2e8',
    duration: '5m',
    severity: 'warning',
    description:
      'The service may leak memory: within half an hour the least that it uses has grown by half, to {{ $value | humanize1024 }}B.',
    action:
      'Compare two heap snapshots taken some minutes apart (`--heapsnapshot-signal`). A restart gives time.',
    labels: {},
  },
  {
    name: 'ErrorsLogged',
    condition: 'sum by (application) (increase(log_records_total{level=~"ERROR|CRITICAL"}[5m])) > 20',
    duration: '0s',
    keepFiringFor: '5m',
    severity: 'warning',
    description:
      'The logger {{ $labels.application }} has recorded {{ printf "%.0f" $value }} errors within five minutes.',
    action: 'Read the daily file of this logger, or its records in Loki, for the last minutes.',
    labels: {},
  },
  {
    name: 'CriticalLogged',
    condition: 'sum by (application) (increase(log_records_total{level="CRITICAL"}[5m])) > 0',
    duration: '0s',
    keepFiringFor: '5m',
    severity: 'critical',
    description: 'The logger {{ $labels.application }} has recorded something critical.',
    action: 'Read the daily file of this logger, or its records in Loki, for the last minutes.',
    labels: {},
  },
];

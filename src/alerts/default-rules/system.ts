import type { DefaultRule } from '../rules/alert-rule.ts';

/** Resources of the host and of the service. Ranges stay within an hour, so that the samples fit into memory. */
export const systemRules: readonly DefaultRule[] = [
  {
    name: 'ServiceDown',
    condition: 'monitoring_agents == 0',
    duration: '30s',
    severity: 'critical',
    description:
      'No process of the service is running: none is connected to the separate monitor that sends this alert.',
    action: 'Start the service. The monitoring log has the exit codes of its processes, where known.',
    labels: {},
  },
  {
    name: 'ProcessCrashed',
    condition: 'monitoring_recent_process_crashes > 0',
    duration: '0s',
    severity: 'warning',
    description:
      '{{ printf "%.0f" $value }} processes of the service crashed or were killed within the last 15 minutes.',
    action:
      'Read the log app: an uncaught error is a CRITICAL record with its stack, and of a process that was killed the time and process id are there. Without a stack look for out of memory (`dmesg`, the memory limit of the container).',
    labels: {},
  },
  {
    name: 'CrashLooping',
    condition: 'monitoring_recent_process_crashes >= 3',
    duration: '0s',
    severity: 'critical',
    description:
      'The service crashes again and again: {{ printf "%.0f" $value }} of its processes crashed or were killed within the last 15 minutes.',
    action:
      'If it began with a release take that back. The log app has the errors and their stacks; compare the first one with the others.',
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
      'The service does not respond: the event loop of one of its processes has been blocked for more than five seconds. No request is served meanwhile.',
    action:
      'Find the synchronous work with a CPU profile (`node --cpu-prof`): large JSON, a regular expression, a `…Sync` call. Until then, restart the service.',
    labels: {},
  },
  {
    name: 'EventLoopLag',
    condition: 'min_over_time(nodejs_eventloop_lag_p99_seconds[2m]) > 0.2',
    duration: '3m',
    severity: 'warning',
    description:
      'The event loop is slow: its 99th percentile delay is {{ $value | humanizeDuration }}. Something computes too long without yielding.',
    action: 'Take a CPU profile now, and split up the longest function or move it to a worker thread.',
    labels: {},
  },
  {
    name: 'EventLoopSaturated',
    condition: 'avg_over_time(nodejs_eventloop_utilization_ratio[5m]) > 0.95',
    duration: '5m',
    severity: 'warning',
    description:
      'The service is saturated: its event loop is busy {{ $value | humanizePercentage }} of the time.',
    action:
      'Add processes or machines, or make the busiest route cheaper. A CPU profile shows which one it is.',
    labels: {},
  },
  {
    name: 'HighCpu',
    condition: 'avg_over_time(system_cpu_usage[5m]) > 90',
    duration: '5m',
    severity: 'warning',
    description: 'Host CPU usage is {{ printf "%.0f" $value }} %, averaged over five minutes.',
    action: 'Find the process that uses the CPU (`top`). If the load is expected, add machines.',
    labels: {},
  },
  {
    name: 'HighMemory',
    condition: 'min_over_time(system_memory_usage[2m]) > 92',
    duration: '3m',
    severity: 'warning',
    description: 'Host memory usage is {{ printf "%.0f" $value }} %.',
    action: 'Find the process that uses it (`top`, sorted by RES) before the kernel kills one.',
    labels: {},
  },
  {
    name: 'MemoryLimitNear',
    condition: 'min_over_time(container_memory_usage[1m]) > 90',
    duration: '1m',
    severity: 'critical',
    description:
      'The service uses {{ printf "%.0f" $value }} % of its memory limit. At 100 % the kernel kills it.',
    action:
      'Raise the memory limit of the container, or lower `--max-old-space-size` well below it. Look for a leak if it grew since the start.',
    labels: {},
  },
  {
    name: 'DiskAlmostFull',
    condition: 'system_disk_usage > 90',
    duration: '5m',
    severity: 'warning',
    description: 'Host disk usage is {{ printf "%.1f" $value }} %.',
    action:
      'Find what grows (`du -x -d 2 /`): logs, dumps, container images. Delete or move it, or enlarge the disk.',
    labels: {},
  },
  {
    name: 'DiskFull',
    condition: 'system_disk_usage > 97',
    duration: '1m',
    severity: 'critical',
    description: 'Host disk usage is {{ printf "%.1f" $value }} %: writes will soon fail.',
    action: 'Free space now (`du -x -d 2 /`): logs, dumps, container images.',
    labels: {},
  },
  {
    name: 'MemoryGrowing',
    condition:
      'min_over_time(process_resident_memory_bytes[25m]) > 1.5 * min_over_time(process_resident_memory_bytes[25m] offset 30m) and process_resident_memory_bytes > 2e8',
    duration: '5m',
    severity: 'warning',
    description:
      'The service may leak memory: in half an hour its lowest resident memory grew by 50 %, to {{ $value | humanize1024 }}B.',
    action:
      'Compare two heap snapshots taken some minutes apart (`--heapsnapshot-signal`). A restart buys time.',
    labels: {},
  },
  {
    name: 'ErrorsLogged',
    condition: 'sum by (application) (increase(log_records_total{level=~"ERROR|CRITICAL"}[5m])) > 20',
    duration: '0s',
    keepFiringFor: '5m',
    severity: 'warning',
    description:
      'The logger {{ $labels.application }} recorded {{ printf "%.0f" $value }} errors in five minutes.',
    action: 'Read the last minutes of its daily file, or its records in Loki.',
    labels: {},
  },
  {
    name: 'CriticalLogged',
    condition: 'sum by (application) (increase(log_records_total{level="CRITICAL"}[5m])) > 0',
    duration: '0s',
    keepFiringFor: '5m',
    severity: 'critical',
    description: 'The logger {{ $labels.application }} recorded a CRITICAL message.',
    action: 'Read the last minutes of its daily file, or its records in Loki.',
    labels: {},
  },
];

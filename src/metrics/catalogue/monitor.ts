import type { MetricRows } from './metric-row.ts';

const agents = 'monitor/agents';

/** The memory limit that a container, or systemd, sets for the service. */
export const containerMetrics = {
  containerMemory: {
    name: 'container_memory_usage',
    help: 'Memory usage percentage of the memory limit, without droppable file cache',
    kind: 'gauge',
    unit: '',
    labels: [],
    merge: 'once',
    owner: 'monitor/host',
    onlyIf: 'a memory limit is set',
  },
  containerMemoryLimit: {
    name: 'container_memory_limit_bytes',
    help: 'Memory limit of the control group of the service',
    kind: 'gauge',
    unit: 'By',
    labels: [],
    merge: 'once',
    owner: 'monitor/host',
    onlyIf: 'a memory limit is set',
  },
} as const satisfies MetricRows;

/** The processes of the service as the monitor sees them, and the monitor itself. */
export const monitorMetrics = {
  agentUp: {
    name: 'monitoring_agent_up',
    help: '1 if the event loops of all processes of the service responded within a second, else 0',
    kind: 'gauge',
    unit: '',
    labels: [],
    merge: 'once',
    owner: agents,
  },
  agents: {
    name: 'monitoring_agents',
    help: 'Processes of the service connected to this monitor',
    kind: 'gauge',
    unit: '',
    labels: [],
    merge: 'once',
    owner: agents,
  },
  snapshotAge: {
    name: 'monitoring_snapshot_age_seconds',
    help: 'Age of the oldest metrics snapshot',
    kind: 'gauge',
    unit: 's',
    labels: [],
    merge: 'once',
    owner: agents,
  },
  processEnds: {
    name: 'monitoring_process_ends_total',
    help: 'Ended processes of the service, also before this start: exit (code 0), failure (another code), signal (SIGTERM, SIGINT), exception (uncaught), killed (SIGKILL, out of memory, abort)',
    kind: 'counter',
    unit: '{process}',
    labels: ['kind'],
    merge: 'once',
    owner: agents,
  },
  recentCrashes: {
    name: 'monitoring_recent_process_crashes',
    help: 'Processes of the service that failed, crashed or were killed, found within the last 15 minutes, also before this start',
    kind: 'gauge',
    unit: '',
    labels: [],
    merge: 'once',
    owner: agents,
  },
  monitorDeaths: {
    name: 'monitoring_monitor_deaths_total',
    help: 'Monitor threads of the service that died and were restarted',
    kind: 'counter',
    unit: '{thread}',
    labels: [],
    merge: 'sum',
    owner: 'agent/connection',
  },
  buildInfo: {
    name: 'monitoring_build_info',
    help: 'Version of the monitoring package',
    kind: 'gauge',
    unit: '',
    labels: ['version', 'node'],
    merge: 'once',
    owner: agents,
  },
  metricPushes: {
    name: 'monitoring_otlp_metric_pushes_total',
    help: 'Metric pushes to the collector, by result',
    kind: 'counter',
    unit: '{push}',
    labels: ['result'],
    merge: 'once',
    owner: 'monitor/export',
  },
  targetInfo: {
    name: 'target_info',
    help: 'Target metadata',
    kind: 'gauge',
    unit: '',
    labels: 'any',
    merge: 'once',
    owner: 'monitor/export',
  },
} as const satisfies MetricRows;

const scraped = {
  kind: 'gauge',
  labels: ['instance', 'job'],
  merge: 'once',
  owner: 'monitor/scrape',
} as const;

/** Series that rules and queries have for each address of `MONITORING_SCRAPE`. */
export const scrapeMetrics = {
  up: {
    name: 'up',
    help: '1 if the last scrape of the target succeeded, else 0',
    unit: '',
    ...scraped,
    onPage: false,
  },
  scrapeDuration: {
    name: 'scrape_duration_seconds',
    help: 'Duration of the scrape',
    unit: 's',
    ...scraped,
    onPage: false,
  },
  scrapeSamples: {
    name: 'scrape_samples_scraped',
    help: 'Samples in the last scrape',
    unit: '',
    ...scraped,
    onPage: false,
  },
} as const satisfies MetricRows;

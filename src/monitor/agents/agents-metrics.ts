import type { Agents } from './agents.ts';
import type { SelfMetric } from '../export/self-metrics.ts';

/** How many linked processes ended, and how. */
export interface ProcessEnds {
  readonly exit: number;
  readonly gone: number;
}

/** What the monitor tells of the processes of the service. */
export function agentsMetrics(
  agents: Agents,
  ends: ProcessEnds,
  version: string,
  now: () => number,
): SelfMetric[] {
  return [
    {
      name: 'monitoring_agent_up',
      help: 'Whether the event loop of every process of the service answered within a second',
      kind: 'gauge',
      read: async () => {
        const { linked, up } = await agents.collect();
        return linked === up ? 1 : 0;
      },
    },
    {
      name: 'monitoring_agents',
      help: 'Processes of the service that are linked to this monitor',
      kind: 'gauge',
      read: async () => (await agents.collect()).linked,
    },
    {
      name: 'monitoring_snapshot_age_seconds',
      help: 'Age of the oldest values shown, by process',
      kind: 'gauge',
      read: async () => Math.max(0, (now() - (await agents.collect()).oldestMs) / 1000),
    },
    {
      name: 'monitoring_process_ends_total',
      help: 'Linked processes that ended: exit (said goodbye), gone (killed, out of memory, or crashed)',
      kind: 'counter',
      read: () => [
        { labels: { how: 'exit' }, value: ends.exit },
        { labels: { how: 'gone' }, value: ends.gone },
      ],
    },
    {
      name: 'monitoring_build_info',
      help: 'Version of the monitoring package',
      kind: 'gauge',
      read: () => [{ labels: { version, node: process.version }, value: 1 }],
    },
  ];
}

import { catalogue } from '../../metrics/catalogue.ts';
import type { Agents } from './agents.ts';
import type { SelfMetric } from '../export/self-metrics.ts';

/** What the monitor knows about the processes of the service. */
export function agentsMetrics(agents: Agents, version: string, now: () => number): SelfMetric[] {
  return [
    {
      ...catalogue.agentUp,
      read: async () => {
        const { linked, up } = await agents.collect();
        return linked === up ? 1 : 0;
      },
    },
    {
      ...catalogue.agents,
      read: async () => (await agents.collect()).linked,
    },
    {
      ...catalogue.snapshotAge,
      read: async () => Math.max(0, (now() - (await agents.collect()).oldestMs) / 1000),
    },
    {
      ...catalogue.buildInfo,
      read: () => [{ labels: { version, node: process.version }, value: 1 }],
    },
  ];
}

import type { CommandRow } from './command.ts';

/** All commands in the order of the help. Each is loaded only when it runs. */
export const commands: readonly CommandRow[] = [
  {
    name: 'demo',
    summary: 'run a demo shop with load, metrics, logs, alerts and mails',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'validate',
    summary: 'check the settings and rule files of this environment',
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'monitor',
    summary: 'run the monitor of a service as a separate process',
    load: () => import('./commands/monitor.ts'),
  },
  {
    name: 'rules check',
    summary: 'check rule files for errors and for rules that never fire',
    load: () => import('./commands/rules-check.ts'),
  },
  {
    name: 'rules test',
    summary: 'run unit tests for rules, in the promtool format',
    load: () => import('./commands/rules-test.ts'),
  },
  {
    name: 'rules export',
    summary: 'export rules as a Prometheus rule file',
    load: () => import('./commands/rules-export.ts'),
  },
  {
    name: 'rules replay',
    summary: 'evaluate rules over the history of a Prometheus server',
    load: () => import('./commands/rules-replay.ts'),
  },
  {
    name: 'rules reload',
    summary: 'reload the rule files of the running monitor',
    load: () => import('./commands/rules-reload.ts'),
  },
  {
    name: 'rules status',
    summary: 'show rules and alerts of a running monitor',
    load: () => import('./commands/rules-status.ts'),
  },
  {
    name: 'silence add',
    summary: 'mute alerts for a while',
    load: () => import('./commands/silence-add.ts'),
  },
  {
    name: 'silence list',
    summary: 'list silences and the alerts they mute',
    load: () => import('./commands/silence-list.ts'),
  },
  {
    name: 'silence remove',
    summary: 'expire a silence',
    load: () => import('./commands/silence-remove.ts'),
  },
  {
    name: 'dashboards export',
    summary: 'write the Grafana dashboards to files',
    load: () => import('./commands/dashboards-export.ts'),
  },
  {
    name: 'dashboards push',
    summary: 'create or update the dashboards in a Grafana server',
    load: () => import('./commands/dashboards-push.ts'),
  },
];

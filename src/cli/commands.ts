import type { CommandRow } from './command.ts';

/** All commands in the order of the help. Each is a file of its own that is read only when it is asked for. */
export const commands: readonly CommandRow[] = [
  {
    name: 'demo',
    summary: 'a shop under load with metrics, logs, alerts and mails, on this machine',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'validate',
    summary: 'the settings and rule files of this environment, without starting anything',
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'monitor',
    summary: 'the monitor of a service as a process of its own',
    load: () => import('./commands/monitor.ts'),
  },
  {
    name: 'rules check',
    summary: 'rule files: every fault with its place, and what would never fire',
    load: () => import('./commands/rules-check.ts'),
  },
  {
    name: 'rules test',
    summary: "unit tests of rules, in promtool's format",
    load: () => import('./commands/rules-test.ts'),
  },
  {
    name: 'rules export',
    summary: 'rules as a Prometheus rule file',
    load: () => import('./commands/rules-export.ts'),
  },
  {
    name: 'rules replay',
    summary: 'how often rules would have fired, over the history of a Prometheus',
    load: () => import('./commands/rules-replay.ts'),
  },
  {
    name: 'rules reload',
    summary: 'has the running monitor load its rule files anew',
    load: () => import('./commands/rules-reload.ts'),
  },
  {
    name: 'rules status',
    summary: 'rules and alerts of a running monitor',
    load: () => import('./commands/rules-status.ts'),
  },
  {
    name: 'silence add',
    summary: 'has the running monitor not tell some alerts for a while',
    load: () => import('./commands/silence-add.ts'),
  },
  {
    name: 'silence list',
    summary: 'the silences of the running monitor and what they mute now',
    load: () => import('./commands/silence-list.ts'),
  },
  {
    name: 'silence remove',
    summary: 'ends a silence',
    load: () => import('./commands/silence-remove.ts'),
  },
  {
    name: 'dashboards export',
    summary: 'the dashboards of the package as files for Grafana',
    load: () => import('./commands/dashboards-export.ts'),
  },
  {
    name: 'dashboards push',
    summary: 'the dashboards of the package into a running Grafana',
    load: () => import('./commands/dashboards-push.ts'),
  },
];

import { defaultGroups } from '../../alerts/default-rules/index.ts';
import { groupsToPrometheus } from '../../alerts/rules/files/export-prometheus.ts';
import { MonitoringError } from '../../errors.ts';
import type { Command, ExitCode } from '../command.ts';
import { defaultGroupsOf, rulesFor } from '../environment.ts';
import { findingOf } from '../lint/finding.ts';

const options = {
  format: { type: 'string', value: 'prometheus', description: 'the only format there is, and the default' },
  'default-rules': { type: 'boolean', description: 'with files: the rules of the package as well' },
} as const;

export const command: Command<typeof options> = {
  args: '[files or folders…]',
  about: [
    'Writes one Prometheus rule file to stdout, so that the same rules run on Prometheus, Mimir or Thanos.',
    'Without files: what a monitor of this environment evaluates, MONITORING_RULES and the rules of the package.',
    'Nothing is written when a rule has a fault.',
  ],
  options,

  run({ format = 'prometheus', 'default-rules': withDefaults }, files, io): ExitCode {
    if (format !== 'prometheus') {
      const got = `--format: expected prometheus, got "${format}"`;
      throw new MonitoringError('MON_COMMAND', { got, help: 'geometra-monitoring rules export --help' });
    }
    const { groups, problems } = rulesFor(files, io);
    if (problems.length > 0) {
      for (const { where, message } of problems.map(findingOf)) io.err(`${where}: error: ${message}\n`);
      return 1;
    }
    const named = files.length > 0;
    const defaults = named ? (withDefaults ? defaultGroups() : []) : defaultGroupsOf(io);
    io.out(groupsToPrometheus([...groups, ...defaults]));
    return 0;
  },
};

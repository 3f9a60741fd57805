import { defaultGroups } from '../../alerts/default-rules/index.ts';
import { groupsToPrometheus } from '../../alerts/rules/files/export-prometheus.ts';
import { MonitoringError } from '../../errors.ts';
import type { Command, ExitCode } from '../command.ts';
import { defaultGroupsOf, rulesFor } from '../environment.ts';
import { findingOf } from '../lint/finding.ts';

const options = {
  format: { type: 'string', value: 'prometheus', description: 'the only format, and the default' },
  'default-rules': { type: 'boolean', description: 'include the default rules when files are given' },
} as const;

export const command: Command<typeof options> = {
  args: '[files or folders…]',
  about: [
    'Writes one Prometheus rule file to stdout, for Prometheus, Mimir or Thanos.',
    'Default: the rules that a monitor of this environment evaluates, those in MONITORING_RULES and the default rules.',
    'Writes nothing if a rule is invalid.',
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

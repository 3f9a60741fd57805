import { parse } from 'yaml';
import { defaultGroups } from '../../alerts/default-rules/index.ts';
import { groupsToPrometheus } from '../../alerts/rules/files/export-prometheus.ts';
import { MonitoringError } from '../../errors.ts';
import type { Command, ExitCode } from '../command.ts';
import { defaultGroupsOf, exitCodeOf, rulesFor } from '../environment.ts';
import { findingOf } from '../lint/finding.ts';

const options = {
  format: { type: 'string', value: 'prometheus', description: 'the only format, and the default' },
  'default-rules': { type: 'boolean', description: 'include the default rules when files are given' },
  json: { type: 'boolean', description: 'print one JSON object with the groups of the rule file' },
} as const;

export const command: Command<typeof options> = {
  args: '[files or folders…]',
  about: [
    'Writes one Prometheus rule file to stdout, for Prometheus, Mimir or Thanos.',
    'Default: the rules that a monitor of this environment evaluates, those in MONITORING_RULES and the default rules.',
    'Writes nothing if a rule is invalid.',
  ],
  options,

  run({ format = 'prometheus', 'default-rules': withDefaults, json }, files, io): ExitCode {
    if (format !== 'prometheus') {
      const got = `--format: expected prometheus, got "${format}"`;
      throw new MonitoringError('MON_COMMAND', { got, help: 'geometra-monitoring rules export --help' });
    }
    const { groups, problems } = rulesFor(files, io);
    if (problems.length > 0) {
      for (const { where, message } of problems.map(findingOf)) io.err(`${where}: error: ${message}\n`);
      if (json) io.out(`${JSON.stringify({ findings: problems.map(findingOf), ok: false })}\n`);
      return exitCodeOf(problems);
    }
    const named = files.length > 0;
    const defaults = named ? (withDefaults ? defaultGroups() : []) : defaultGroupsOf(io);
    const text = groupsToPrometheus([...groups, ...defaults]);
    io.out(json ? `${JSON.stringify({ ...parse(text), ok: true })}\n` : text);
    return 0;
  },
};

import { MonitoringError } from '../../errors.ts';
import type { Command, ExitCode, Io } from '../command.ts';
import { ruleFilesIn, rulesFor, settingsOf } from '../environment.ts';
import { type Finding, findingOf, type Severity } from '../lint/finding.ts';
import { metricsOfCatalogue, metricsOfPage } from '../lint/known-metrics.ts';
import { lint } from '../lint/lint.ts';
import { fetchSeries } from '../metrics-page.ts';
import { counted, paint } from '../terminal/paint.ts';

const COLORS = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Severity, string>;

const options = {
  metrics: {
    type: 'string',
    value: '<url>',
    description: 'compare the selectors with what this /metrics address shows now',
  },
  strict: { type: 'boolean', description: 'fail on warnings as well' },
  json: { type: 'boolean', description: 'one JSON object instead of lines' },
} as const;

function show(finding: Finding, io: Io): string {
  const { where, severity, check, rule, message } = finding;
  const about = rule === undefined ? '' : ` (${rule})`;
  const name = check === 'syntax' ? '' : paint(io, 'dim', ` [${check}]`);
  return `${where}: ${paint(io, COLORS[severity], severity)}: ${message}${about}${name}\n`;
}

/** A folder that was named and holds none is most likely another one. */
function noRuleFile(where: string): Finding {
  return {
    where,
    severity: 'error',
    check: 'syntax',
    message: 'no rule file (.yml, .yaml, .json) in this folder',
  };
}

/** By file, then by line and column as numbers. */
function inOrder(a: Finding, b: Finding): number {
  return a.where.localeCompare(b.where, 'en', { numeric: true });
}

export const command: Command<typeof options> = {
  args: '[files or folders…]',
  about: [
    'Reads Prometheus rule files and the documented format. Without files: those of MONITORING_RULES.',
    'An error keeps a rule from being loaded (exit code 1); a warning says that it loads and does not do what it seems to.',
    'Without --metrics selectors are compared with what this package itself shows. A token for the address comes from',
    'MONITORING_METRICS_TOKEN.',
  ],
  options,

  async run({ metrics, strict, json }, files, io): Promise<ExitCode> {
    const { settings } = settingsOf(io);
    if (files.length === 0 && (settings.rules ?? []).length === 0) {
      const help = 'geometra-monitoring rules check --help';
      throw new MonitoringError('MON_COMMAND', { got: 'name rule files, or set MONITORING_RULES', help });
    }
    const { groups, problems, files: read } = rulesFor(files, io);
    const empty = files.length > 0 && read.length === 0 && problems.length === 0;
    const known =
      metrics === undefined ? metricsOfCatalogue() : metricsOfPage(metrics, await fetchSeries(metrics, io));
    const remarks = lint({ groups, settings, known, files: ruleFilesIn(io.cwd) });
    const nothing = empty ? files.map(noRuleFile) : [];
    const findings = [...problems.map(findingOf), ...nothing, ...remarks].toSorted(inOrder);
    const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
    const rules = groups.flatMap((group) => group.rules).length;
    const ok = count('error') === 0 && (!strict || count('warning') === 0);
    if (json) io.out(`${JSON.stringify({ files: read, rules, findings, ok })}\n`);
    else {
      io.out(findings.map((finding) => show(finding, io)).join(''));
      const found = (['error', 'warning', 'note'] as const).filter((severity) => count(severity) > 0);
      const list = found.map((severity) => counted(count(severity), severity)).join(', ');
      const verdict = list === '' ? paint(io, 'green', 'nothing to say') : list;
      io.out(`${counted(read.length, 'file')}, ${counted(rules, 'rule')}: ${verdict}\n`);
    }
    return ok ? 0 : 1;
  },
};

import { MonitoringError } from '../../errors.ts';
import type { Command, ExitCode, Io } from '../command.ts';
import { exitCodeOf, ruleFilesIn, rulesFor, settingsOf } from '../environment.ts';
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
    description: 'compare selectors with the series at this /metrics URL',
  },
  strict: { type: 'boolean', description: 'fail on warnings too' },
  json: { type: 'boolean', description: 'print one JSON object instead of text' },
} as const;

function show(finding: Finding, io: Io): string {
  const { where, severity, check, rule, message } = finding;
  const about = rule === undefined ? '' : ` (${rule})`;
  const name = check === 'syntax' ? '' : paint(io, 'dim', ` [${check}]`);
  return `${where}: ${paint(io, COLORS[severity], severity)}: ${message}${about}${name}\n`;
}

/** A folder without rule files is most likely the wrong one. */
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
    'Checks rule files in the Prometheus format or the documented format. Default: the files in MONITORING_RULES.',
    'A rule with an error is not loaded (exit code 1). A rule with a warning is loaded but does not work as intended.',
    'Selectors are compared with the metrics of this package, or with --metrics with those of a running service. Set',
    'MONITORING_METRICS_TOKEN if the URL requires a token.',
  ],
  options,

  async run({ metrics, strict, json }, files, io): Promise<ExitCode> {
    const { settings } = settingsOf(io);
    if (files.length === 0 && (settings.rules ?? []).length === 0) {
      const help = 'geometra-monitoring rules check --help';
      throw new MonitoringError('MON_COMMAND', {
        got: 'no rule files given, and MONITORING_RULES is not set',
        help,
      });
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
      const verdict = list === '' ? paint(io, 'green', 'ok') : list;
      io.out(`${counted(read.length, 'file')}, ${counted(rules, 'rule')}: ${verdict}\n`);
    }
    return ok ? 0 : exitCodeOf(problems) || 1;
  },
};

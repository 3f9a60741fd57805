import type { RuleFiles } from '../../alerts/rules/files/rule-paths.ts';
import type { Rule, RuleGroup } from '../../alerts/rules/rule.ts';
import { Labels } from '../../samples/labels.ts';
import type { Settings } from '../../config/read-settings.ts';
import { absentTraps } from './absent-traps.ts';
import type { Check, LintContext } from './check.ts';
import type { Finding } from './finding.ts';
import type { KnownMetrics } from './known-metrics.ts';
import { longRange, shortRange } from './ranges.ts';
import { RuleLocations } from './rule-locations.ts';
import { unknownSeries } from './unknown-series.ts';
import { valueInLabels } from './value-in-labels.ts';

/** One row per check: its name in the output, and what it does. */
const checks: Readonly<Record<string, Check>> = {
  'value-in-labels': valueInLabels,
  'short-range': shortRange,
  'long-range': longRange,
  absent: absentTraps,
  'unknown-series': unknownSeries,
};

/** Rules that agree in name and labels share their state and alerts (promtool calls them duplicates). */
function duplicates(groups: readonly RuleGroup[]): Finding[] {
  const first = new Map<string, Rule>();
  const findings: Finding[] = [];
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    const key = JSON.stringify([rule.kind, rule.name, Labels.from(rule.labels).key]);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, rule);
    else {
      const message = `a rule of this name with the same labels is defined at ${earlier.where}: one hides the other`;
      findings.push({
        where: rule.where,
        severity: 'warning',
        check: 'duplicate',
        rule: rule.name,
        message,
      });
    }
  }
  return findings;
}

export interface LintOptions {
  readonly groups: readonly RuleGroup[];
  readonly settings: Pick<Settings, 'rulesIntervalMs' | 'rulesMaxRangeMs'>;
  readonly known: KnownMetrics;
  /** Read once more, for the locations of what is found. */
  readonly files: Pick<RuleFiles, 'readFile'>;
}

/** What is wrong with rules that load: those that never fire, or fire for another reason than they seem to. */
export function lint({ groups, settings, known, files }: LintOptions): readonly Finding[] {
  const intervals = groups.map(({ intervalMs }) => intervalMs ?? settings.rulesIntervalMs);
  const recorded = groups.flatMap(({ rules }) => rules.filter(({ kind }) => kind === 'recording'));
  const context: LintContext = {
    // A group with a shorter interval collects at its own.
    collectionMs: Math.min(settings.rulesIntervalMs, ...intervals),
    maxRangeMs: settings.rulesMaxRangeMs,
    known: known.with(recorded.map(({ name }) => name)),
  };
  const findings: Finding[] = duplicates(groups);
  for (const group of groups) {
    const locations =
      group.origin === 'file' ? new RuleLocations(group.file, files.readFile(group.file)) : undefined;
    for (const rule of group.rules) {
      for (const [check, run] of Object.entries(checks)) {
        for (const { severity, message, ...location } of run(rule, context)) {
          const where = locations?.at(rule.where, location) ?? rule.where;
          const found = { where, severity, check, rule: rule.name, message };
          // Of a folded text only the beginning is known, so that two locations can be one.
          const again = findings.some((one) => one.where === where && one.message === message);
          if (!again) findings.push(found);
        }
      }
    }
  }
  return findings;
}

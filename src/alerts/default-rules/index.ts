import type { Settings } from '../../config/read-settings.ts';
import { type Problem, problem } from '../../errors.ts';
import { WATCHDOG } from '../notifications/channel.ts';
import type { Category, DefaultRule } from '../rules/alert-rule.ts';
import { compileAlertingRule, prometheusFields } from '../rules/compile-rule.ts';
import { formatDurationMs, parseDurationMs } from '../../promql/syntax/durations.ts';
import type { AlertingRule, RuleGroup } from '../rules/rule.ts';
import { monitorRules } from './monitor.ts';
import { performanceRules } from './performance.ts';
import { securityRules } from './security.ts';
import { systemRules } from './system.ts';

/** Where default rules come from, in messages and mails. */
export const DEFAULT_RULES = '(default rules)';

interface Pack {
  readonly name: string;
  readonly category: Category;
  readonly rules: readonly DefaultRule[];
}

const packs: readonly Pack[] = [
  { name: 'system', category: 'system', rules: systemRules },
  { name: 'monitor', category: 'system', rules: monitorRules },
  { name: 'performance', category: 'performance', rules: performanceRules },
  { name: 'security', category: 'security', rules: securityRules },
];

/** Where the page of a rule lies in a service that has installed the package. */
export function runbookOf(name: string): string {
  return `node_modules/@geometra/monitoring/docs/runbooks/${name}.md`;
}

function documented({ category, rules }: Pack): readonly DefaultRule[] {
  return rules.map((rule) => ({ ...rule, category, runbook: runbookOf(rule.name) }));
}

/** The rules that come with the package, in the documented form. */
export const defaultRules: readonly DefaultRule[] = packs.flatMap(documented);

function compiled(rule: DefaultRule): AlertingRule {
  const { labels, annotations } = prometheusFields(rule);
  const result = compileAlertingRule({
    name: rule.name,
    expr: rule.condition,
    where: DEFAULT_RULES,
    forMs: parseDurationMs(rule.duration) ?? 0,
    keepFiringForMs: parseDurationMs(rule.keepFiringFor ?? '') ?? 0,
    labels,
    annotations: { ...annotations, action: rule.action },
  });
  if (!result.ok) throw new TypeError(`default rule ${rule.name}: ${JSON.stringify(result.problems)}`);
  return result.rule;
}

const alwaysFiring: DefaultRule = {
  name: WATCHDOG,
  condition: 'vector(1)',
  duration: '0s',
  severity: 'none',
  description: 'Alert rules are evaluated and notifications are sent. This alert always fires.',
  action: 'None: this alert is meant to fire.',
  labels: {},
};

export interface DefaultGroupsOptions {
  /** Add the rule that always fires; wanted when something listens for it. */
  readonly watchdog?: boolean;
}

const watchdogPack: Pack = { name: 'watchdog', category: 'system', rules: [alwaysFiring] };

/** Always fires. For an Alertmanager or a heartbeat, which notice when it no longer does; nobody is notified of it. */
export const watchdogRule: DefaultRule = documented(watchdogPack)[0]!;

function groupsOf(some: readonly Pack[], off: readonly string[] = []): readonly RuleGroup[] {
  return some.flatMap((pack) => {
    const wanted = documented(pack).filter((rule) => !off.includes(rule.name));
    const byInterval = Map.groupBy(wanted, (rule) => parseDurationMs(rule.interval ?? ''));
    return [...byInterval].map(([intervalMs, alike]): RuleGroup => {
      const suffix = intervalMs === undefined ? '' : ` every ${formatDurationMs(intervalMs)}`;
      return {
        name: `default ${pack.name}${suffix}`,
        file: DEFAULT_RULES,
        origin: 'default',
        intervalMs,
        limit: 0,
        queryOffsetMs: 0,
        rules: alike.map(compiled),
      };
    });
  });
}

/** The default rules as groups: one per pack and interval. A rule waits until all its metrics have been seen. */
export function defaultGroups({ watchdog = false }: DefaultGroupsOptions = {}): readonly RuleGroup[] {
  return groupsOf(watchdog ? [...packs, watchdogPack] : packs);
}

/**
 * The default rules that the settings ask for, and what is wrong with these settings. The rule that always fires is
 * among them when something listens for it; a heartbeat, which lives by it, has it also without the others.
 */
export function defaultGroupsFor(settings: Settings): {
  readonly groups: readonly RuleGroup[];
  readonly problems: readonly Problem[];
} {
  const { defaultRulesOff: off = [], heartbeatUrl, alertmanagerUrls = [] } = settings;
  const listens = heartbeatUrl !== undefined || (settings.defaultRules && alertmanagerUrls.length > 0);
  const wanted = [...(settings.defaultRules ? packs : []), ...(listens ? [watchdogPack] : [])];
  const known = new Set([...defaultRules, watchdogRule].map(({ name }) => name));
  const unknown = off.filter((name) => !known.has(name));
  const problems = unknown.map((got) =>
    problem('MON_CONFIG_VALUE', {
      where: 'MONITORING_DEFAULT_RULES_OFF',
      expected: 'names of default rules (docs/runbooks/README.md)',
      got,
      fallback: 'the others',
    }),
  );
  return { groups: groupsOf(wanted, off), problems };
}

import type { Settings } from '../../config/read-settings.ts';
import { WATCHDOG } from '../notifications/channel.ts';
import type { Category } from '../rules/alert-rule.ts';
import { compileAlertingRule, prometheusFields } from '../rules/compile-rule.ts';
import { formatDurationMs, parseDurationMs } from '../rules/duration.ts';
import type { AlertingRule, RuleGroup } from '../rules/rule.ts';
import type { DefaultRule } from './default-rule.ts';
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

/** The rules that come with the package, in the documented form. */
export const defaultRules: readonly DefaultRule[] = packs.flatMap(({ category, rules }) =>
  rules.map((rule) => ({ ...rule, category })),
);

function compiled(rule: DefaultRule, category: Category): AlertingRule {
  const { labels, annotations } = prometheusFields({ ...rule, category });
  const result = compileAlertingRule({
    name: rule.name,
    expr: rule.condition,
    where: DEFAULT_RULES,
    forMs: parseDurationMs(rule.duration) ?? 0,
    keepFiringForMs: parseDurationMs(rule.keepFiringFor ?? '') ?? 0,
    labels,
    annotations: { ...annotations, action: rule.action },
  });
  if (!result.ok) throw new TypeError(`default rule ${rule.name}: ${JSON.stringify(result.faults)}`);
  return result.rule;
}

/** Always fires. For an Alertmanager or a heartbeat, which notice when it no longer does; people are not told of it. */
const watchdogRule: DefaultRule = {
  name: WATCHDOG,
  condition: 'vector(1)',
  duration: '0s',
  severity: 'none',
  description: 'Alert rules are evaluated and notifications go out. This alert always fires.',
  action: 'Nothing: it is meant to fire.',
  labels: {},
};

export interface DefaultGroupsOptions {
  /** Add the rule that always fires; wanted when something listens for it. */
  readonly watchdog?: boolean;
}

const watchdogPack: Pack = { name: 'watchdog', category: 'system', rules: [watchdogRule] };

function groupsOf(some: readonly Pack[]): readonly RuleGroup[] {
  return some.flatMap(({ name, category, rules }) => {
    const byInterval = Map.groupBy(rules, (rule) => parseDurationMs(rule.interval ?? ''));
    return [...byInterval].map(([intervalMs, alike]): RuleGroup => {
      const suffix = intervalMs === undefined ? '' : ` every ${formatDurationMs(intervalMs)}`;
      return {
        name: `default ${name}${suffix}`,
        file: DEFAULT_RULES,
        origin: 'default',
        intervalMs,
        limit: 0,
        queryOffsetMs: 0,
        rules: alike.map((rule) => compiled(rule, category)),
      };
    });
  });
}

/** The default rules as groups: one per pack and interval. A rule waits until all its metrics have been seen. */
export function defaultGroups({ watchdog = false }: DefaultGroupsOptions = {}): readonly RuleGroup[] {
  return groupsOf(watchdog ? [...packs, watchdogPack] : packs);
}

/**
 * The default rules that the settings ask for. The one that always fires is among them when something listens for it;
 * a heartbeat, which lives by it, has it also without the others.
 */
export function defaultGroupsFor(settings: Settings): readonly RuleGroup[] {
  const { defaultRules: wanted, heartbeatUrl, alertmanagerUrls = [] } = settings;
  if (wanted) return defaultGroups({ watchdog: heartbeatUrl !== undefined || alertmanagerUrls.length > 0 });
  return heartbeatUrl === undefined ? [] : groupsOf([watchdogPack]);
}

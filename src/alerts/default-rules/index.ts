import { WATCHDOG } from '../notifications/channel.ts';
import type { AlertRule, Category } from '../rules/alert-rule.ts';
import { compileDocumentedRule } from '../rules/compile-rule.ts';
import { formatDurationMs, parseDurationMs } from '../rules/duration.ts';
import type { AlertingRule, RuleGroup } from '../rules/rule.ts';
import { monitorRules } from './monitor.ts';
import { performanceRules } from './performance.ts';
import { securityRules } from './security.ts';
import { systemRules } from './system.ts';

/** Where default rules come from, in messages and mails. */
export const DEFAULT_RULES = '(default rules)';

const packs: readonly {
  readonly name: string;
  readonly category: Category;
  readonly rules: readonly AlertRule[];
}[] = [
  { name: 'system', category: 'system', rules: systemRules },
  { name: 'monitor', category: 'system', rules: monitorRules },
  { name: 'performance', category: 'performance', rules: performanceRules },
  { name: 'security', category: 'security', rules: securityRules },
];

/** The rules that come with the package, in the documented form. */
export const defaultRules: readonly AlertRule[] = packs.flatMap(({ category, rules }) =>
  rules.map((rule) => ({ ...rule, category })),
);

function compiled(rule: AlertRule, category: Category): AlertingRule {
  const result = compileDocumentedRule({ ...rule, category }, DEFAULT_RULES);
  if (!result.ok) throw new TypeError(`default rule ${rule.name}: ${JSON.stringify(result.faults)}`);
  return result.rule;
}

/** Always fires. For an Alertmanager or a heartbeat, which notice when it no longer does; people are not told of it. */
const watchdogRule: AlertRule = {
  name: WATCHDOG,
  condition: 'vector(1)',
  duration: '0s',
  severity: 'none',
  description: 'Alert rules are evaluated and notifications go out. This alert always fires.',
  labels: {},
};

export interface DefaultGroupsOptions {
  /** Add the rule that always fires; wanted when something listens for it. */
  readonly watchdog?: boolean;
}

/** The default rules as groups: one per pack and interval. A rule waits until all its metrics have been seen. */
export function defaultGroups({ watchdog = false }: DefaultGroupsOptions = {}): readonly RuleGroup[] {
  const added = { name: 'watchdog', category: 'system', rules: [watchdogRule] } as const;
  return [...packs, ...(watchdog ? [added] : [])].flatMap(({ name, category, rules }) => {
    const byInterval = Map.groupBy(rules, (rule) => parseDurationMs(rule.interval ?? ''));
    return [...byInterval].map(([intervalMs, some]): RuleGroup => {
      const suffix = intervalMs === undefined ? '' : ` every ${formatDurationMs(intervalMs)}`;
      return {
        name: `default ${name}${suffix}`,
        file: DEFAULT_RULES,
        origin: 'default',
        intervalMs,
        limit: 0,
        queryOffsetMs: 0,
        rules: some.map((rule) => compiled(rule, category)),
      };
    });
  });
}

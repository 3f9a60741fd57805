import type {
  AlertStatus,
  EvaluatorStatus,
  GroupStatus,
  RuleStatus,
} from '../../../alerts/evaluation/evaluator-status.ts';
import type { Page } from '../http-server.ts';
import { exponential, instant } from './numbers.ts';
import { booleanParam, param } from './params.ts';
import { invalidParameter, success } from './reply.ts';

type Json = Readonly<Record<string, unknown>>;

const HEALTH = { ok: 'ok', error: 'err', unknown: 'unknown' } as const;

const isActive = ({ state }: AlertStatus): boolean => state !== 'resolved';

function alertJson({ labels, annotations, state, activeAtMs, value }: AlertStatus): Json {
  return { labels, annotations, state, activeAt: instant(activeAtMs), value: exponential(value) };
}

function ruleJson(rule: RuleStatus, withAlerts: boolean): Json {
  const last = rule.history.at(-1);
  const common = {
    health: HEALTH[rule.health],
    ...(rule.error !== undefined && { lastError: rule.error }),
    evaluationTime: (last?.durationMs ?? 0) / 1000,
    lastEvaluation: instant(last?.atMs),
    type: rule.kind,
    // Not in Prometheus: where the rule is defined, what a default rule waits for, and (as vmalert has it) how many series
    // its selectors found and its expression yielded last.
    source: rule.where,
    ...(last !== undefined && { lastSamples: last.series, lastSeriesFetched: last.fetched }),
    ...(rule.missingMetrics.length > 0 && { waitingFor: rule.missingMetrics }),
  };
  if (rule.kind === 'recording') {
    return { name: rule.name, query: rule.expr, labels: rule.labels, ...common };
  }
  return {
    state: rule.state === 'waiting' ? 'inactive' : rule.state,
    name: rule.name,
    query: rule.expr,
    duration: rule.forMs / 1000,
    labels: rule.labels,
    annotations: rule.annotations,
    ...(withAlerts && { alerts: rule.alerts.filter(isActive).map(alertJson) }),
    ...common,
  };
}

function groupJson(group: GroupStatus, rules: readonly RuleStatus[], withAlerts: boolean): Json {
  return {
    name: group.name,
    file: group.file,
    rules: rules.map((rule) => ruleJson(rule, withAlerts)),
    interval: group.intervalMs / 1000,
    evaluationTime: (group.lastDurationMs ?? 0) / 1000,
    lastEvaluation: instant(group.lastEvaluationMs),
  };
}

const TYPES: Readonly<Record<string, RuleStatus['kind']>> = { alert: 'alerting', record: 'recording' };

/** `/api/v1/rules`: groups with their rules and active alerts. */
export function rulesPage(request: URL, { groups }: EvaluatorStatus): Page {
  const type = param(request, 'type').toLowerCase();
  const kind = TYPES[type];
  if (type !== '' && kind === undefined)
    throw invalidParameter('type', `not supported value ${JSON.stringify(type)}`);
  const withAlerts = !booleanParam(request, 'exclude_alerts');
  const wanted = (name: string): ((value: string) => boolean) => {
    const values = new Set(request.searchParams.getAll(name));
    return (value) => values.size === 0 || values.has(value);
  };
  const [nameFits, groupFits, fileFits] = ['rule_name[]', 'rule_group[]', 'file[]'].map(wanted) as [
    (value: string) => boolean,
    (value: string) => boolean,
    (value: string) => boolean,
  ];
  const filtered = type !== '' || request.searchParams.has('rule_name[]');
  const shown = groups
    .filter(({ name, file }) => groupFits(name) && fileFits(file))
    .map((group) => ({
      group,
      rules: group.rules.filter((rule) => nameFits(rule.name) && (kind === undefined || rule.kind === kind)),
    }))
    .filter(({ rules }) => !filtered || rules.length > 0);
  return success({ groups: shown.map(({ group, rules }) => groupJson(group, rules, withAlerts)) });
}

/** `/api/v1/alerts`: all pending and firing alerts. */
export function alertsPage({ groups }: EvaluatorStatus): Page {
  const alerts = groups.flatMap(({ rules }) => rules.flatMap((rule) => rule.alerts.filter(isActive)));
  return success({ alerts: alerts.map(alertJson) });
}

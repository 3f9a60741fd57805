import type { DefaultRule } from '../rules/alert-rule.ts';

/** The monitor itself: it also logs all of this in its own log, since mail may be what fails. */
export const monitorRules: readonly DefaultRule[] = [
  {
    name: 'LogRecordsLost',
    condition: 'sum(increase(monitoring_log_records_lost_total[5m])) > 0',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'critical',
    description: '{{ printf "%.0f" $value }} log records were lost: the log folder may be full.',
    action: 'Make the log folder writable and free disk space. The monitoring log has the error.',
    labels: {},
  },
  {
    name: 'MetricPushesFailing',
    condition:
      'sum(increase(monitoring_otlp_metric_pushes_total{result="failure"}[10m])) > 3 and sum(increase(monitoring_otlp_metric_pushes_total{result="success"}[10m])) == 0',
    duration: '5m',
    severity: 'warning',
    description:
      'Pushing metrics to the OpenTelemetry collector fails. Counters are cumulative, so nothing is lost.',
    action: 'Check that the collector is running and that OTEL_EXPORTER_OTLP_ENDPOINT is its address.',
    labels: {},
  },
  {
    name: 'NotificationsFailing',
    condition:
      'sum by (channel) (increase(monitoring_notifications_total{result="failed"}[10m])) > 2 and on (channel) sum by (channel) (monitoring_notifications_waiting) > 0',
    duration: '2m',
    severity: 'warning',
    description: 'Notifications by {{ $labels.channel }} fail. They are kept and sent once it works again.',
    action: 'Check the mail server or the address. The monitoring log has its response.',
    labels: {},
  },
  {
    name: 'RuleFailures',
    condition: 'sum(increase(monitoring_rule_failures_total[5m])) > 0',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description: 'The evaluation of alert rules failed.',
    action:
      'Correct the rule that the monitoring log names. `geometra-monitoring rules check` finds most mistakes.',
    labels: {},
  },
  {
    name: 'RuleEvaluationsMissed',
    condition: 'sum by (group) (increase(monitoring_rule_evaluations_missed_total[10m])) > 3',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description:
      'The rule group {{ $labels.group }} missed {{ printf "%.0f" $value }} evaluations in ten minutes: the monitor gets too little CPU time.',
    action: 'Check whether the host is overloaded. Fewer rules, longer intervals or fewer series also help.',
    labels: {},
  },
  {
    name: 'SamplesDropped',
    condition: 'sum(increase(monitoring_rule_samples_dropped_total[5m])) > 0',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description: 'The service has more series than the alert rules can hold; some are dropped.',
    action:
      'Find the label with too many values (`topk(10, count by (__name__) ({__name__=~".+"}))`) and reduce them.',
    labels: {},
  },
  {
    name: 'EndpointsOverflow',
    condition: 'sum(increase(http_requests_total{endpoint="__overflow__"}[5m])) > 0',
    duration: '0s',
    keepFiringFor: '30m',
    severity: 'info',
    description:
      'The service has more endpoints than MONITORING_MAX_ENDPOINTS allows; further ones are counted as __overflow__.',
    action:
      'Check whether routes are created per user or object. If you need all of them, raise MONITORING_MAX_ENDPOINTS.',
    labels: {},
  },
];

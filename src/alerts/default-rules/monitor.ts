import type { DefaultRule } from '../rules/alert-rule.ts';

/** The monitor itself: it also logs all of this in its own log, since mail may be what fails. */
export const monitorRules: readonly DefaultRule[] = [
  {
    name: 'LogRecordsLost',
    condition: 'sum(increase(monitoring_log_records_lost_total[5m])) > 0',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'critical',
    description:
      '{{ printf "%.0f" $value }} log records could not be kept: the folder of the logs may be full.',
    action:
      'Make the log folder writable and free space on its disk; the log of the package names what failed.',
    labels: {},
  },
  {
    name: 'MetricPushesFailing',
    condition:
      'sum(increase(monitoring_otlp_metric_pushes_total{result="failure"}[10m])) > 3 and sum(increase(monitoring_otlp_metric_pushes_total{result="success"}[10m])) == 0',
    duration: '5m',
    severity: 'warning',
    description:
      'Metrics do not reach the OpenTelemetry collector. Sums are cumulative, so that none is lost.',
    action: 'Check that the collector runs and that OTEL_EXPORTER_OTLP_ENDPOINT leads to it.',
    labels: {},
  },
  {
    name: 'NotificationsFailing',
    condition:
      'sum by (channel) (increase(monitoring_notifications_total{result="failed"}[10m])) > 2 and on (channel) sum by (channel) (monitoring_notifications_waiting) > 0',
    duration: '2m',
    severity: 'warning',
    description:
      'Notifications cannot be delivered by {{ $labels.channel }}. They are kept and sent as soon as it works; the log of the package has the reason.',
    action: 'Check the mail server or the address; the log of the package has its answer.',
    labels: {},
  },
  {
    name: 'RuleFailures',
    condition: 'sum(increase(monitoring_rule_failures_total[5m])) > 0',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description: 'Alert rules could not be evaluated; the log of the package names them and the reason.',
    action:
      'Correct the rule that the log of the package names; `geometra-monitoring rules check` finds most mistakes.',
    labels: {},
  },
  {
    name: 'RuleEvaluationsMissed',
    condition: 'sum by (group) (increase(monitoring_rule_evaluations_missed_total[10m])) > 3',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description:
      'Of the rule group {{ $labels.group }} {{ printf "%.0f" $value }} evaluations were skipped within ten minutes: the monitor gets too little time.',
    action: 'See whether the host is overloaded. Fewer rules, longer intervals or fewer series help as well.',
    labels: {},
  },
  {
    name: 'SamplesDropped',
    condition: 'sum(increase(monitoring_rule_samples_dropped_total[5m])) > 0',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description: 'The service has more series than the alert rules can watch; some are left out.',
    action:
      'Find the label with too many values (`topk(10, count by (__name__) ({__name__=~".+"}))`) and give it fewer.',
    labels: {},
  },
  {
    name: 'EndpointsOverflow',
    condition: 'sum(increase(http_requests_total{endpoint="__overflow__"}[5m])) > 0',
    duration: '0s',
    keepFiringFor: '30m',
    severity: 'info',
    description:
      'The service has more endpoints than MONITORING_MAX_ENDPOINTS allows; further ones are counted together as __overflow__.',
    action:
      'See whether routes are made for each user or object; if all are wanted raise MONITORING_MAX_ENDPOINTS.',
    labels: {},
  },
];

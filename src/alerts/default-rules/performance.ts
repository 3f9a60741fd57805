import type { DefaultRule } from '../rules/alert-rule.ts';

/** How well the service answers. Every ratio asks for some traffic, so that one failure at night is no alert. */
export const performanceRules: readonly DefaultRule[] = [
  {
    name: 'HighErrorRate',
    condition:
      'sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.05 and sum(rate(http_requests_total[5m])) > 0.2',
    duration: '2m',
    severity: 'critical',
    description:
      '{{ $value | humanizePercentage }} of the requests of the last five minutes failed with a status of 5xx.',
    action:
      'See which endpoint fails (`sum by (endpoint) (rate(http_requests_total{status=~"5.."}[5m]))`) and read the log api of these minutes. If it began with a release take that back.',
    labels: {},
  },
  {
    name: 'SlowResponses',
    condition:
      'histogram_quantile(0.95, sum by (le, endpoint) (rate(http_request_duration_seconds_bucket[5m]))) > 1 and on (endpoint) sum by (endpoint) (rate(http_request_duration_seconds_count[5m])) > 0.1',
    duration: '5m',
    severity: 'warning',
    description:
      'One in twenty requests to {{ $labels.endpoint }} takes {{ $value | humanizeDuration }} or longer.',
    action:
      'Compare with the durations of the database and of AI requests in these minutes; if neither is slow take a profile.',
    labels: {},
  },
  {
    name: 'ClientsGiveUp',
    condition:
      'sum(rate(http_requests_total{status="499"}[5m])) / sum(rate(http_requests_total[5m])) > 0.1 and sum(rate(http_requests_total[5m])) > 0.2',
    duration: '5m',
    severity: 'warning',
    description: '{{ $value | humanizePercentage }} of the clients hang up before they get an answer.',
    action:
      'Compare with SlowResponses: clients mostly hang up because they wait too long. A time limit in a proxy before the service shows the same.',
    labels: {},
  },
  {
    name: 'SlowQueries',
    condition:
      'histogram_quantile(0.95, sum by (le, database) (rate(db_query_duration_seconds_bucket[5m]))) > 0.5 and on (database) sum by (database) (rate(db_query_duration_seconds_count[5m])) > 0.1',
    duration: '5m',
    severity: 'warning',
    description:
      'One in twenty queries of the database {{ $labels.database }} takes {{ $value | humanizeDuration }} or longer.',
    action: 'Look at the slowest queries in the database itself, at missing indexes, and at locks.',
    labels: {},
  },
  {
    name: 'AiErrors',
    condition:
      'sum by (model) (rate(ai_requests_total{status="error"}[5m])) / sum by (model) (rate(ai_requests_total[5m])) > 0.05 and sum by (model) (increase(ai_requests_total[5m])) > 10',
    duration: '5m',
    severity: 'warning',
    description: '{{ $value | humanizePercentage }} of the requests to {{ $labels.model }} fail.',
    action: 'Read the log ai for the answers of the provider: quota, key, or an outage there.',
    labels: {},
  },
  {
    name: 'SlowAi',
    condition:
      'histogram_quantile(0.95, sum by (le, model) (rate(ai_request_duration_seconds_bucket[5m]))) > 30 and on (model) sum by (model) (increase(ai_request_duration_seconds_count[5m])) > 10',
    duration: '5m',
    severity: 'warning',
    description:
      'One in twenty answers of {{ $labels.model }} takes {{ $value | humanizeDuration }} or longer.',
    action:
      'See whether the provider is slow for everybody, or prompts and answers have grown (`rate(ai_tokens_total[5m])`).',
    labels: {},
  },
  {
    name: 'TokenUseHigh',
    condition: 'sum by (model) (increase(ai_tokens_total[1h])) > 1e6',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description: '{{ $labels.model }} has processed {{ $value | humanize }} tokens within an hour.',
    action:
      'See whether the use is wanted; a loop of retries looks like this too. Change the limit by a rule of your own.',
    labels: {},
  },
];

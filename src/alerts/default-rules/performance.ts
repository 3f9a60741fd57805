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
      '{{ $value | humanizePercentage }} of the requests in the last five minutes failed with status 5xx.',
    action:
      'Find the failing endpoint (`sum by (endpoint) (rate(http_requests_total{status=~"5.."}[5m]))`) and read the api log. If it started with a release, roll back.',
    labels: {},
  },
  {
    name: 'SlowResponses',
    condition:
      'histogram_quantile(0.95, sum by (le, endpoint) (rate(http_request_duration_seconds_bucket[5m]))) > 1 and on (endpoint) sum by (endpoint) (rate(http_request_duration_seconds_count[5m])) > 0.1',
    duration: '5m',
    severity: 'warning',
    description:
      '5 % of the requests to {{ $labels.endpoint }} take {{ $value | humanizeDuration }} or longer.',
    action:
      'Compare with the durations of database queries and AI requests. If neither is slow, take a CPU profile.',
    labels: {},
  },
  {
    name: 'ClientsGiveUp',
    condition:
      'sum(rate(http_requests_total{status="499"}[5m])) / sum(rate(http_requests_total[5m])) > 0.1 and sum(rate(http_requests_total[5m])) > 0.2',
    duration: '5m',
    severity: 'warning',
    description: '{{ $value | humanizePercentage }} of the clients disconnect before they get a response.',
    action:
      'Compare with SlowResponses: clients usually disconnect because they wait too long. A timeout in a proxy looks the same.',
    labels: {},
  },
  {
    name: 'SlowQueries',
    condition:
      'histogram_quantile(0.95, sum by (le, database) (rate(db_query_duration_seconds_bucket[5m]))) > 0.5 and on (database) sum by (database) (rate(db_query_duration_seconds_count[5m])) > 0.1',
    duration: '5m',
    severity: 'warning',
    description:
      '5 % of the queries to the database {{ $labels.database }} take {{ $value | humanizeDuration }} or longer.',
    action: 'Check the slow query log of the database, missing indexes and locks.',
    labels: {},
  },
  {
    name: 'AiErrors',
    condition:
      'sum by (model) (rate(ai_requests_total{status="error"}[5m])) / sum by (model) (rate(ai_requests_total[5m])) > 0.05 and sum by (model) (increase(ai_requests_total[5m])) > 10',
    duration: '5m',
    severity: 'warning',
    description: '{{ $value | humanizePercentage }} of the requests to {{ $labels.model }} fail.',
    action: 'Read the responses of the provider in the ai log: quota, API key, or an outage.',
    labels: {},
  },
  {
    name: 'SlowAi',
    condition:
      'histogram_quantile(0.95, sum by (le, model) (rate(ai_request_duration_seconds_bucket[5m]))) > 30 and on (model) sum by (model) (increase(ai_request_duration_seconds_count[5m])) > 10',
    duration: '5m',
    severity: 'warning',
    description: '5 % of the requests to {{ $labels.model }} take {{ $value | humanizeDuration }} or longer.',
    action:
      'Check whether the provider is slow for everyone, or prompts and responses have grown (`rate(ai_tokens_total[5m])`).',
    labels: {},
  },
  {
    name: 'TokenUseHigh',
    condition: 'sum by (model) (increase(ai_tokens_total[1h])) > 1e6',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description: '{{ $labels.model }} processed {{ $value | humanize }} tokens in one hour.',
    action:
      'Check whether the usage is intended; a retry loop looks like this too. Change the limit with your own rule.',
    labels: {},
  },
];

import type { DefaultRule } from '../rules/alert-rule.ts';

/** Signs of an attack, and what the logger `security` records. */
export const securityRules: readonly DefaultRule[] = [
  {
    name: 'SecurityErrors',
    condition: 'sum(increase(log_records_total{application="security",level=~"ERROR|CRITICAL"}[5m])) > 0',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'critical',
    description: 'The security logger recorded {{ printf "%.0f" $value }} error(s) in five minutes.',
    action: 'Read the security log of the last minutes.',
    labels: {},
  },
  {
    name: 'AccessFailures',
    // Without their first letters, so that `login_failed` and `LoginFailed` fit alike. Patterns as plain as these need
    // no RE2 engine, which takes 12 MB.
    condition:
      'sum by (event) (increase(security_events_total{event=~".*ailed.*|.*ailure.*|.*AILED.*|.*enied.*|.*ejected.*|.*nvalid.*"}[5m])) > 20',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description:
      'The event {{ $labels.event }} was recorded {{ printf "%.0f" $value }} times in five minutes: someone may be guessing passwords.',
    action: 'Find the addresses and accounts in the security log, and block or rate-limit them.',
    labels: {},
  },
  {
    name: 'SecurityEventBurst',
    condition:
      'sum by (event) (increase(security_events_total[5m])) > 50 and sum by (event) (increase(security_events_total[5m])) > 0.5 * sum by (event) (increase(security_events_total[1h]))',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'warning',
    description:
      'The event {{ $labels.event }} was recorded {{ printf "%.0f" $value }} times in five minutes, far more often than before.',
    action: 'Find this event in the security log of the last minutes.',
    labels: {},
  },
  {
    name: 'RequestsRejected',
    condition:
      'sum(rate(http_requests_total{status=~"401|403"}[5m])) > 1 and sum(rate(http_requests_total{status=~"401|403"}[5m])) > 3 * sum(rate(http_requests_total{status=~"401|403"}[1h]))',
    duration: '1m',
    severity: 'warning',
    description:
      '{{ $value | humanize }} requests per second are rejected with status 401 or 403, several times as many as usual.',
    action: 'Find the addresses they come from. After a release it may be a client with an old token.',
    labels: {},
  },
  {
    name: 'RequestFlood',
    condition:
      'sum(rate(http_requests_total[1m])) > 5 * sum(rate(http_requests_total[30m])) and sum(rate(http_requests_total[1m])) > 50',
    duration: '1m',
    severity: 'warning',
    description:
      'The service gets {{ $value | humanize }} requests per second, several times as many as usual.',
    action: 'Find the addresses and endpoints, and rate-limit them in front of the service.',
    labels: {},
  },
  {
    name: 'RateLimitHits',
    condition: 'sum(rate(http_requests_total{status="429"}[5m])) > 1',
    duration: '2m',
    severity: 'warning',
    description: '{{ $value | humanize }} requests per second exceed a rate limit (429).',
    action: 'Find out who is limited: an attacker, or a client that needs a higher limit.',
    labels: {},
  },
  {
    name: 'PathScan',
    condition:
      'sum(rate(http_requests_total{status="404"}[5m])) / sum(rate(http_requests_total[5m])) > 0.5 and sum(rate(http_requests_total[5m])) > 2',
    duration: '2m',
    severity: 'warning',
    description:
      '{{ $value | humanizePercentage }} of the requests get 404: someone may be scanning for vulnerabilities.',
    action: 'Find the addresses they come from and block them. After a release it may be a broken link.',
    labels: {},
  },
];

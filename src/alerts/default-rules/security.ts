import type { DefaultRule } from '../rules/alert-rule.ts';

/** Signs of an attack, and what the logger `security` records. */
export const securityRules: readonly DefaultRule[] = [
  {
    name: 'SecurityErrors',
    condition: 'sum(increase(log_records_total{application="security",level=~"ERROR|CRITICAL"}[5m])) > 0',
    duration: '0s',
    keepFiringFor: '10m',
    severity: 'critical',
    description: 'The logger security has recorded {{ printf "%.0f" $value }} error(s) within five minutes.',
    action: 'Read the daily file security of the last minutes.',
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
      'The event {{ $labels.event }} was recorded {{ printf "%.0f" $value }} times within five minutes: somebody may be trying passwords.',
    action: 'See from which addresses and accounts they come (log security), and block or slow these down.',
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
      'The event {{ $labels.event }} was recorded {{ printf "%.0f" $value }} times within five minutes, far more often than before.',
    action: 'Read the daily file security of the last minutes for this event.',
    labels: {},
  },
  {
    name: 'RequestsRejected',
    condition:
      'sum(rate(http_requests_total{status=~"401|403"}[5m])) > 1 and sum(rate(http_requests_total{status=~"401|403"}[5m])) > 3 * sum(rate(http_requests_total{status=~"401|403"}[1h]))',
    duration: '1m',
    severity: 'warning',
    description:
      '{{ $value | humanize }} requests a second are rejected with a status of 401 or 403, several times as many as usual.',
    action: 'See from which addresses they come. After a release it may be a client with an old token.',
    labels: {},
  },
  {
    name: 'RequestFlood',
    condition:
      'sum(rate(http_requests_total[1m])) > 5 * sum(rate(http_requests_total[30m])) and sum(rate(http_requests_total[1m])) > 50',
    duration: '1m',
    severity: 'warning',
    description:
      'The service gets {{ $value | humanize }} requests a second, several times as many as usual.',
    action:
      'See from which addresses they come and what they ask for, and limit their rate before the service.',
    labels: {},
  },
  {
    name: 'RateLimitHits',
    condition: 'sum(rate(http_requests_total{status="429"}[5m])) > 1',
    duration: '2m',
    severity: 'warning',
    description: '{{ $value | humanize }} requests a second are refused because of a rate limit (429).',
    action: 'See who is limited: an attacker, or a client that the limit is too low for.',
    labels: {},
  },
  {
    name: 'PathScan',
    condition:
      'sum(rate(http_requests_total{status="404"}[5m])) / sum(rate(http_requests_total[5m])) > 0.5 and sum(rate(http_requests_total[5m])) > 2',
    duration: '2m',
    severity: 'warning',
    description:
      '{{ $value | humanizePercentage }} of the requests ask for something that does not exist: somebody may be looking for a way in.',
    action:
      'See from which addresses they come, and block these. After a release it may be a link that leads nowhere.',
    labels: {},
  },
];

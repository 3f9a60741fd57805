import { MappingType, type Dashboard, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { limits, thresholds } from './colors.ts';
import { dashboard } from './dashboard.ts';
import { FULL_WIDTH, lines, number, states } from './panels.ts';
import { OF_SERVICE } from './queries.ts';
import { rowsOf } from './table-panel.ts';
import { metricsSource, serviceVariables } from './variables.ts';

const isFiring: ValueMapping = {
  type: MappingType.ValueToText,
  options: { '1': { text: 'firing', color: 'red' } },
};

const alertsIn = (state: string): string => `ALERTS{alertstate="${state}",severity!="none",${OF_SERVICE}}`;

/** What is wrong now, what was, and does everybody hear of it? */
export function alerts(): Dashboard {
  const { none } = limits;
  return dashboard({
    name: 'alerts',
    title: 'Alerts',
    about: 'Firing and pending alerts, notifications and rule evaluation',
    variables: [metricsSource(), ...serviceVariables()],
    rows: [
      [
        number({
          title: 'Firing',
          about: 'Alerts that are firing now.',
          width: 6,
          expr: `count(${alertsIn('firing')}) or vector(0)`,
          limits: none(),
        }),
        number({
          title: 'Pending',
          about: 'Alerts whose condition is true, but not yet for the configured duration.',
          width: 6,
          expr: `count(${alertsIn('pending')}) or vector(0)`,
          limits: thresholds('green', [1, 'yellow']),
        }),
        number({
          title: 'Waiting notifications',
          about: 'Notifications due but not yet sent. They are retried until they succeed.',
          width: 6,
          expr: `sum(monitoring_notifications_waiting{${OF_SERVICE}})`,
          limits: none(),
        }),
        number({
          title: 'Failed evaluations',
          about: 'Failed rule evaluations in the selected time range. The monitoring log has the errors.',
          width: 6,
          expr: `round(sum(increase(monitoring_rule_failures_total{${OF_SERVICE}}[$__range])))`,
          limits: none(),
        }),
      ],
      [
        rowsOf({
          title: 'Firing and pending',
          about: 'All alerts with their severity and number of series.',
          width: FULL_WIDTH,
          height: 8,
          rows: {
            alertname: 'alert',
            alertstate: 'state',
            severity: 'severity',
            category: 'category',
            job: 'service',
            instance: 'process or host',
          },
          columns: [
            {
              title: 'series',
              expr: `count by (alertname, alertstate, severity, category, job, instance) (ALERTS{severity!="none",${OF_SERVICE}})`,
            },
          ],
          sortedBy: 'state',
          ascending: true,
        }),
      ],
      [
        states({
          title: 'Alert history',
          about: 'When each alert was firing in the selected time range.',
          width: FULL_WIDTH,
          queries: [{ expr: `max by (alertname) (${alertsIn('firing')})`, legend: '{{alertname}}' }],
          mappings: [isFiring],
          limits: thresholds('text', [1, 'red']),
        }),
      ],
      [
        lines({
          title: 'Notifications',
          about: 'Notification attempts, by channel and result.',
          width: 12,
          queries: [
            {
              expr: `sum by (channel, result) (increase(monitoring_notifications_total{${OF_SERVICE}}[$__rate_interval]))`,
              legend: '{{channel}} {{result}}',
            },
          ],
        }),
        lines({
          title: 'Missed evaluations',
          about: 'Rule evaluations that were due and missed, because the monitor gets too little CPU time.',
          width: 6,
          queries: [
            {
              expr: `sum by (group) (increase(monitoring_rule_evaluations_missed_total{${OF_SERVICE}}[$__rate_interval]))`,
              legend: '{{group}}',
            },
          ],
        }),
        lines({
          title: 'Rule series',
          about: 'Series that the monitors keep in memory for their rules.',
          width: 6,
          queries: [
            {
              expr: `sum by (job) (monitoring_rule_series{${OF_SERVICE}})`,
              legend: '{{job}}',
            },
          ],
        }),
      ],
    ],
  });
}

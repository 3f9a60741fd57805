import { LogsDedupStrategy, LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import * as logsPanel from '@grafana/grafana-foundation-sdk/logs';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { byLevel, limits, thresholds } from './colors.ts';
import { dashboard } from './dashboard.ts';
import { bareLines, FULL_WIDTH, lines, number } from './panels.ts';
import { inLogs, OF_SERVICE } from './queries.ts';
import {
  choiceVariable,
  LOGS,
  logLabelVariable,
  logsSource,
  metricsSource,
  serviceVariables,
  textVariable,
} from './variables.ts';

const STREAM = '{service_name=~"$service",application=~"$application"}';
/** An empty text fits everything; the pattern of a trace id is anchored and fits lines without one as well. */
const CHOSEN = `${STREAM} |~ "(?i)$search" | severity_text=~"$level" | trace_id=~"$trace.*"`;
const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];
const MOST_LINES = 500;

const countOf = (by: string): string => `sum by (${by}) (count_over_time(${CHOSEN} [$__auto]))`;

/** The lines themselves, in the order of time. */
function linesOf(title: string, about: string, expr: string, height: number): logsPanel.PanelBuilder {
  return new logsPanel.PanelBuilder()
    .title(title)
    .description(about)
    .datasource(LOGS)
    .targets([...inLogs({ expr }, MOST_LINES)])
    .span(FULL_WIDTH)
    .height(height)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Descending)
    .dedupStrategy(LogsDedupStrategy.None);
}

/** The newest lines that belong to a trace; a click on the trace id shows all lines of it. */
function tracesTable(): table.PanelBuilder {
  // Time and message as Loki's data source names them: since long, and with its new format of frames.
  const fields = [
    'Time',
    'timestamp',
    'trace_id',
    'service_name',
    'application',
    'severity_text',
    'Line',
    'body',
  ];
  return new table.PanelBuilder()
    .title('Traces')
    .description('The latest log lines with a trace id. Click on the id to show all lines of the trace.')
    .datasource(LOGS)
    .targets([...inLogs({ expr: `${CHOSEN} | trace_id!=""` }, 100)])
    .span(FULL_WIDTH)
    .height(8)
    .withTransformation({ id: 'extractFields', options: { source: 'labels' } })
    .withTransformation({
      id: 'organize',
      options: {
        includeByName: Object.fromEntries(fields.map((name) => [name, true])),
        indexByName: Object.fromEntries(fields.map((name, i) => [name, i])),
        renameByName: {
          Line: 'message',
          body: 'message',
          service_name: 'service',
          severity_text: 'level',
        },
      },
    })
    .showHeader(true)
    .overrideByName('trace_id', [
      {
        id: 'links',
        value: [
          {
            title: 'All lines of this trace',
            url: '/d/geometra-logs?${logs:queryparam}&var-trace=${__value.raw}&${__url_time_range}',
          },
        ],
      },
    ]);
}

const deliveryOf = (metric: string, range: string): string => `sum(rate(${metric}{${OF_SERVICE}}[${range}]))`;

/** What was logged, by whom, in which trace, and does all of it arrive? */
export function logs(): Dashboard {
  const { none } = limits;
  return dashboard({
    name: 'logs',
    title: 'Logs',
    about: 'Log lines, levels, traces and delivery to the collector',
    variables: [
      logsSource(),
      metricsSource(),
      logLabelVariable(['service', 'Service'], 'service_name', '', '.+'),
      logLabelVariable(['application', 'Logger'], 'application', '{service_name=~"$service"}', '.*'),
      choiceVariable('level', 'Level', LEVELS),
      textVariable('search', 'Text'),
      textVariable('trace', 'Trace id'),
      ...serviceVariables(),
    ],
    rows: [
      [
        bareLines({
          title: 'Lines by level',
          about: 'Log lines by level.',
          width: 12,
          height: 7,
          stacked: true,
          colors: byLevel,
        })
          .datasource(LOGS)
          .targets([...inLogs({ expr: countOf('severity_text'), legend: '{{severity_text}}' })]),
        bareLines({
          title: 'Lines by logger',
          about: 'Log lines by service and logger.',
          width: 12,
          height: 7,
          stacked: true,
        })
          .datasource(LOGS)
          .targets([
            ...inLogs({
              expr: countOf('service_name, application'),
              legend: '{{service_name}} {{application}}',
            }),
          ]),
      ],
      [linesOf('Lines', 'What fits the choice above, newest first.', CHOSEN, 14)],
      [
        linesOf(
          'Errors',
          'Errors of all services and loggers with their code location, regardless of the selected level.',
          `{service_name=~"$service"} | severity_text=~"ERROR|CRITICAL" | line_format "{{.application}}: {{__line__}} ({{.code_file_path}}:{{.code_line_number}})"`,
          9,
        ),
      ],
      [tracesTable()],
      [
        lines({
          title: 'Records by logger and level',
          about: 'Log records counted in the services, including records not yet delivered.',
          width: 12,
          unit: 'cps',
          queries: [
            {
              expr: `sum by (application, level) (rate(log_records_total{${OF_SERVICE}}[$__rate_interval]))`,
              legend: '{{application}} {{level}}',
            },
          ],
          stacked: true,
        }),
        lines({
          title: 'Security events',
          about: 'Events of the `security` logger in the last five minutes, by name.',
          width: 12,
          queries: [
            {
              expr: `sum by (event) (increase(security_events_total{${OF_SERVICE}}[5m]))`,
              legend: '{{event}}',
            },
          ],
        }),
      ],
      [
        number({
          title: 'Collector up',
          about: '1 if the collector accepts log records, else 0.',
          width: 4,
          expr: `min(monitoring_collector_up{${OF_SERVICE}})`,
          limits: thresholds('red', [1, 'green']),
        }),
        number({
          title: 'Delivered',
          about: 'Log records per second accepted by the collector.',
          width: 4,
          unit: 'cps',
          expr: deliveryOf('monitoring_log_records_shipped_total', '$__rate_interval'),
          withLine: true,
        }),
        number({
          title: 'Waiting',
          about: 'Bytes of log records on the disks of the services, not yet sent to the collector.',
          width: 4,
          unit: 'bytes',
          expr: `sum(monitoring_spool_bytes{${OF_SERVICE}})`,
          withLine: true,
        }),
        number({
          title: 'Oldest waiting',
          about: 'Age of the oldest log record waiting after a failed request.',
          width: 4,
          unit: 's',
          expr: `max(monitoring_spool_oldest_seconds{${OF_SERVICE}})`,
          limits: thresholds('green', [60, 'yellow'], [600, 'red']),
          withLine: true,
        }),
        number({
          title: 'Rejected',
          about:
            'Log records rejected permanently by the collector in the selected time range. They are kept on disk.',
          width: 4,
          expr: `round(sum(increase(monitoring_log_records_refused_total{${OF_SERVICE}}[$__range])))`,
          limits: none(),
        }),
        number({
          title: 'Lost',
          about:
            'Log records lost in the selected time range: the disk was full, or the spool reached its limit.',
          width: 4,
          expr: `round(sum(increase(monitoring_log_records_lost_total{${OF_SERVICE}}[$__range])))`,
          limits: none(),
        }),
      ],
    ],
  });
}

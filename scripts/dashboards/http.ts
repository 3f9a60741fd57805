import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { byStatus, limits } from './colors.ts';
import { dashboard } from './dashboard.ts';
import { requestRate, requestSeconds, requestShare, SERVER_ERROR } from './http-queries.ts';
import { FULL_WIDTH, lines, number, spread } from './panels.ts';
import { OF_SERVICE } from './queries.ts';
import { rowsOf } from './table-panel.ts';
import { labelVariable, metricsSource, serviceVariables } from './variables.ts';

const ENDPOINT = ',endpoint=~"$endpoint"';
const BY_ENDPOINT = 'method, endpoint';
const ROW_LABELS = { method: 'method', endpoint: 'endpoint' };

const sumOf = (metric: string, by: string, range: string): string =>
  `sum by (${by}) (rate(${metric}{${OF_SERVICE}${ENDPOINT}}[${range}]))`;

/** How are requests answered: which endpoints fail, which are slow? */
export function http(): Dashboard {
  const { errorShare, httpSeconds } = limits;
  const range = '$__range';
  const duration = 'http_request_duration_seconds';
  const busiest = (expr: string): string => `topk(10, ${expr})`;
  return dashboard({
    name: 'http',
    title: 'HTTP',
    about: 'Requests, errors and duration by endpoint',
    variables: [
      metricsSource(),
      ...serviceVariables(),
      labelVariable('endpoint', 'Endpoint', `http_requests_total{${OF_SERVICE}}`),
    ],
    rows: [
      [
        number({
          title: 'Requests',
          about: 'Requests per second.',
          width: 5,
          unit: 'reqps',
          expr: requestRate(ENDPOINT),
          withLine: true,
        }),
        number({
          title: 'Server errors',
          about: 'Percentage of requests with status 5xx.',
          width: 5,
          unit: 'percentunit',
          expr: requestShare(SERVER_ERROR, ENDPOINT),
          withLine: true,
          limits: errorShare(),
        }),
        number({
          title: 'Client errors',
          about: 'Percentage of requests with status 4xx.',
          width: 5,
          unit: 'percentunit',
          expr: requestShare('status=~"4..",status!="499"', ENDPOINT),
          withLine: true,
        }),
        number({
          title: 'Client disconnects',
          about: 'Percentage of requests whose client disconnected before the response (499).',
          width: 4,
          unit: 'percentunit',
          expr: requestShare('status="499"', ENDPOINT),
          withLine: true,
        }),
        number({
          title: '95th percentile',
          about: '95th percentile of the request duration.',
          width: 5,
          unit: 's',
          expr: requestSeconds(0.95, ENDPOINT),
          withLine: true,
          limits: httpSeconds(),
        }),
      ],
      [
        lines({
          title: 'Requests by status',
          about: 'Requests per second by status. 499: the client disconnected before the response.',
          width: 12,
          unit: 'reqps',
          queries: [{ expr: requestRate(ENDPOINT, 'status'), legend: '{{status}}' }],
          stacked: true,
          colors: byStatus,
        }),
        lines({
          title: 'Duration',
          about: '50th, 95th and 99th percentile of the request duration.',
          width: 12,
          unit: 's',
          queries: [
            { expr: requestSeconds(0.5, ENDPOINT), legend: 'half' },
            { expr: requestSeconds(0.95, ENDPOINT), legend: '95 of 100' },
            { expr: requestSeconds(0.99, ENDPOINT), legend: '99 of 100' },
          ],
          limits: httpSeconds(),
        }),
      ],
      [
        rowsOf({
          title: 'Endpoints',
          about: 'All endpoints in the selected time range.',
          width: FULL_WIDTH,
          height: 10,
          rows: ROW_LABELS,
          columns: [
            { title: 'requests', unit: 'reqps', expr: requestRate(ENDPOINT, BY_ENDPOINT, range) },
            {
              title: 'errors',
              unit: 'percentunit',
              expr: requestShare(SERVER_ERROR, ENDPOINT, BY_ENDPOINT, range),
              limits: errorShare(),
            },
            {
              title: 'mean',
              unit: 's',
              expr: `${sumOf(`${duration}_sum`, BY_ENDPOINT, range)} / (${sumOf(`${duration}_count`, BY_ENDPOINT, range)} > 0)`,
            },
            {
              title: '95th percentile',
              unit: 's',
              expr: requestSeconds(0.95, ENDPOINT, ['method', 'endpoint'], range),
              limits: httpSeconds(),
            },
          ],
          sortedBy: 'requests',
        }),
      ],
      [
        lines({
          title: 'Slowest endpoints',
          about: '95th percentile of the request duration of the ten slowest endpoints.',
          width: 12,
          unit: 's',
          queries: [
            {
              expr: busiest(requestSeconds(0.95, ENDPOINT, ['method', 'endpoint'])),
              legend: '{{method}} {{endpoint}}',
            },
          ],
        }),
        lines({
          title: 'Failing endpoints',
          about: 'Responses with status 5xx of the ten endpoints with the most errors.',
          width: 12,
          unit: 'reqps',
          queries: [
            {
              expr: busiest(requestRate(`${ENDPOINT},${SERVER_ERROR}`, BY_ENDPOINT)),
              legend: '{{method}} {{endpoint}}',
            },
          ],
        }),
      ],
      [
        spread({
          title: 'Duration heatmap',
          about: 'Distribution of request durations over time.',
          width: FULL_WIDTH,
          expr: `sum by (le) (increase(${duration}_bucket{${OF_SERVICE}${ENDPOINT}}[$__rate_interval]))`,
        }),
      ],
    ],
  });
}

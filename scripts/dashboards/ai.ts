import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { limits } from './colors.ts';
import { dashboard } from './dashboard.ts';
import { FULL_WIDTH, lines, number } from './panels.ts';
import { OF_SERVICE } from './queries.ts';
import { rowsOf } from './table-panel.ts';
import { labelVariable, metricsSource, serviceVariables } from './variables.ts';

const OF_MODEL = `${OF_SERVICE},model=~"$model"`;

const rateOf = (metric: string, by: string, matchers = '', range = '$__rate_interval'): string =>
  `sum${by === '' ? '' : ` by (${by})`} (rate(${metric}{${OF_MODEL}${matchers}}[${range}]))`;

function errorShareOf(by: string, range?: string): string {
  const all = rateOf('ai_requests_total', by, '', range);
  return `(${rateOf('ai_requests_total', by, ',status="error"', range)} or 0 * ${all}) / (${all} > 0)`;
}

function secondsOf(quantile: number, by: readonly string[], range?: string): string {
  const buckets = rateOf('ai_request_duration_seconds_bucket', ['le', ...by].join(', '), '', range);
  return `histogram_quantile(${quantile}, ${buckets})`;
}

const tokensIn = (type: string): string =>
  `sum by (model) (increase(ai_tokens_total{${OF_MODEL},type="${type}"}[$__range]))`;

/** How do language models answer, and what do they use up? */
export function ai(): Dashboard {
  const { errorShare, aiSeconds } = limits;
  return dashboard({
    name: 'ai',
    title: 'AI',
    about: 'Requests, errors, duration and token usage of AI models',
    variables: [
      metricsSource(),
      ...serviceVariables(),
      labelVariable('model', 'Model', `ai_requests_total{${OF_SERVICE}}`),
    ],
    rows: [
      [
        number({
          title: 'Requests',
          about: 'Requests per second, including retries.',
          width: 6,
          unit: 'reqps',
          expr: rateOf('ai_requests_total', ''),
          withLine: true,
        }),
        number({
          title: 'Errors',
          about: 'Percentage of failed requests.',
          width: 6,
          unit: 'percentunit',
          expr: errorShareOf(''),
          withLine: true,
          limits: errorShare(),
        }),
        number({
          title: '95th percentile',
          about: '95th percentile of the request duration.',
          width: 6,
          unit: 's',
          expr: secondsOf(0.95, []),
          withLine: true,
          limits: aiSeconds(),
        }),
        number({
          title: 'Tokens',
          about: 'Input and output tokens in the selected time range.',
          width: 6,
          expr: `sum(increase(ai_tokens_total{${OF_MODEL}}[$__range]))`,
        }),
      ],
      [
        lines({
          title: 'Requests by model and status',
          about: 'Requests per second by model and status: success, error or cancelled.',
          width: 12,
          unit: 'reqps',
          queries: [{ expr: rateOf('ai_requests_total', 'model, status'), legend: '{{model}} {{status}}' }],
          stacked: true,
        }),
        lines({
          title: 'Request duration',
          about: '50th and 95th percentile of the request duration, by model.',
          width: 12,
          unit: 's',
          queries: [
            { expr: secondsOf(0.5, ['model']), legend: '{{model}} half' },
            { expr: secondsOf(0.95, ['model']), legend: '{{model}} 95 of 100' },
          ],
          limits: aiSeconds(),
        }),
      ],
      [
        lines({
          title: 'Tokens per second',
          about: 'Input and output tokens per second, by model.',
          width: 12,
          queries: [{ expr: rateOf('ai_tokens_total', 'model, type'), legend: '{{model}} {{type}}' }],
          stacked: true,
        }),
        lines({
          title: 'Tokens per request',
          about: 'Shows whether prompts or responses grow.',
          width: 12,
          queries: [
            {
              expr: `${rateOf('ai_tokens_total', 'model, type')} / on (model) group_left () (${rateOf('ai_requests_total', 'model', ',status="success"')} > 0)`,
              legend: '{{model}} {{type}}',
            },
          ],
        }),
      ],
      [
        rowsOf({
          title: 'Models',
          about: 'All models in the selected time range.',
          width: FULL_WIDTH,
          height: 7,
          rows: { model: 'model' },
          columns: [
            {
              title: 'requests',
              expr: `sum by (model) (increase(ai_requests_total{${OF_MODEL}}[$__range]))`,
            },
            {
              title: 'errors',
              unit: 'percentunit',
              expr: errorShareOf('model', '$__range'),
              limits: errorShare(),
            },
            { title: 'half within', unit: 's', expr: secondsOf(0.5, ['model'], '$__range') },
            {
              title: '95th percentile',
              unit: 's',
              expr: secondsOf(0.95, ['model'], '$__range'),
              limits: aiSeconds(),
            },
            { title: 'input tokens', expr: tokensIn('input') },
            { title: 'output tokens', expr: tokensIn('output') },
          ],
          sortedBy: 'requests',
        }),
      ],
    ],
  });
}

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
    about: 'How do language models answer, and what do they use up?',
    variables: [
      metricsSource(),
      ...serviceVariables(),
      labelVariable('model', 'Model', `ai_requests_total{${OF_SERVICE}}`),
    ],
    rows: [
      [
        number({
          title: 'Requests',
          about: 'Requests a second, each attempt counted.',
          width: 6,
          unit: 'reqps',
          expr: rateOf('ai_requests_total', ''),
          withLine: true,
        }),
        number({
          title: 'Errors',
          about: 'Share of the requests that failed.',
          width: 6,
          unit: 'percentunit',
          expr: errorShareOf(''),
          withLine: true,
          limits: errorShare(),
        }),
        number({
          title: '95 of 100 within',
          about: 'The duration that 95 of 100 answers stay below.',
          width: 6,
          unit: 's',
          expr: secondsOf(0.95, []),
          withLine: true,
          limits: aiSeconds(),
        }),
        number({
          title: 'Tokens',
          about: 'Tokens processed over the time shown, read and written.',
          width: 6,
          expr: `sum(increase(ai_tokens_total{${OF_MODEL}}[$__range]))`,
        }),
      ],
      [
        lines({
          title: 'Requests by model and outcome',
          about: 'Whether models answer, fail, or are no longer waited for.',
          width: 12,
          unit: 'reqps',
          queries: [{ expr: rateOf('ai_requests_total', 'model, status'), legend: '{{model}} {{status}}' }],
          stacked: true,
        }),
        lines({
          title: 'Duration of answers',
          about: 'How long half, and 95 of 100 answers take at most, by model.',
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
          title: 'Tokens a second',
          about: 'What is paid for: tokens read (input) and written (output), by model.',
          width: 12,
          queries: [{ expr: rateOf('ai_tokens_total', 'model, type'), legend: '{{model}} {{type}}' }],
          stacked: true,
        }),
        lines({
          title: 'Tokens a request',
          about: 'Whether prompts or answers grow.',
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
          about: 'Each model over the time shown.',
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
              title: '95 of 100 within',
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

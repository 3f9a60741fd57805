import type { Attempt, Attack } from '../attack.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

/** What a query may be answered with: a result, or an error with a reason. */
const RIGHT = new Set([200, 400, 403, 404, 405, 408, 413, 414, 422, 431, 503]);
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Sends it and judges the answer. */
async function judged(target: Target, path: string, body?: string): Promise<string | undefined> {
  const { status, text } = await target.ask(target.metricsPort, path, {
    ...(body !== undefined && { body, headers: FORM }),
  });
  return RIGHT.has(status) ? undefined : `answered ${status}: ${text.slice(0, 120)}`;
}

const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();
const posted = (name: string, path: string, fields: Readonly<Record<string, string>>): Attempt => ({
  name,
  run: (target) => judged(target, path, form(fields)),
});
const query = (name: string, text: string): Attempt => posted(name, '/api/v1/query', { query: text });

const bomb = (count: number, repeat: number): string =>
  `{__name__=~"${Array.from({ length: count }, (_, n) => `.*[a-z_]{0,${repeat}}x${n}.*`).join('|')}"}`;
const nested = (levels: number, before: string, after: string, inner = '{__name__=~".+"}'): string =>
  before.repeat(levels) + inner + after.repeat(levels);
const replaced = (levels: number, pattern: string): string =>
  nested(levels, 'label_replace(', `, "x", "$1$1$1$1", "__name__", "${pattern}")`);
const ALL = '{__name__=~".+"}';

const known: readonly Attempt[] = [
  query('M1 300 patterns with repeats', bomb(300, 1000)),
  query('M1 one pattern that unrolls', `{__name__=~"((a{1000}){1000}){1000}"}`),
  query(
    'M1 1,000 matchers',
    `{${Array.from({ length: 1000 }, (_, n) => `l${n}=~".*[a-z]{0,900}${n}.*"`).join(',')}}`,
  ),
  query(
    'M1 patterns in regex functions',
    `label_replace(${ALL}, "a", "$1", "b", "(((.{0,500}){0,500}){0,3}).*")`,
  ),
  query(
    'M2 label_join of 60,000 names',
    `label_join(${ALL}, "x", ",", ${Array(60_000).fill('"__name__"').join()})`,
  ),
  query('M2 label_join that grows', nested(24, 'label_join(', ', "x", "", "x", "x", "__name__")', ALL)),
  query('M3 30 nested label_replace', replaced(30, '(.*)*.*(.*){100}(a|b|c|.){500}')),
  query('M3 label_replace that grows', replaced(20, '(.*)')),
  {
    name: 'M3 8,849 match[] of series',
    run: (target) =>
      judged(
        target,
        '/api/v1/series',
        Array.from(
          { length: 8849 },
          (_, n) => `match[]=${encodeURIComponent(`{x=~".*a${n}.*",__name__=~".*(total|count).*"}`)}`,
        ).join('&'),
      ),
  },
  {
    name: 'M3 2,000 match[] of labels',
    run: (target) =>
      judged(
        target,
        `/api/v1/labels`,
        Array.from({ length: 2000 }, () => `match[]=${encodeURIComponent(bomb(3, 50))}`).join('&'),
      ),
  },
  {
    name: '50 hostile queries side by side',
    run: async (target) => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          judged(
            target,
            '/api/v1/query',
            form({ query: n % 2 === 0 ? bomb(100 + n, 300) : replaced(20, '(.*)(.*)(.*)') }),
          ),
        ),
      );
      return answers.find((answer) => answer !== undefined);
    },
  },
  query('a depth of 50,000 parentheses', '('.repeat(50_000) + '1' + ')'.repeat(50_000)),
  query('a depth of 50,000 minus signs', `${'-'.repeat(50_000)}1`),
  query('a subquery of subqueries', `${ALL}${'[1d:1ms]'.repeat(1)}`),
  query(
    'nested subqueries',
    `max_over_time(max_over_time(max_over_time(rate(${ALL}[1h])[6h:1s])[6h:1s])[6h:1s])`,
  ),
  query('a cross join', `${ALL} * on() group_left() ${ALL}`),
  query('or of 2,000', Array(2000).fill(ALL).join(' or ')),
  query('count_values of everything', `count_values("x", ${ALL}) or count_values without() ("y", ${ALL})`),
  query('a quantile of everything', `quantile_over_time(0.5, ${ALL}[6h])`),
  query('a text of 1 MB', `"${'a'.repeat(1e6)}"`),
  query('a number of 100,000 digits', '9'.repeat(100_000)),
  query('an offset beyond all time', `up offset 9999999999999y @ 1e308`),
  query('a histogram_quantile of everything', `histogram_quantile(scalar(up), ${ALL})`),
  posted('a range of 11,000 steps over everything', '/api/v1/query_range', {
    query: ALL,
    start: '0',
    end: '11000',
    step: '1',
  }),
  posted('a range of a million steps', '/api/v1/query_range', {
    query: ALL,
    start: '0',
    end: '1e9',
    step: '0.001',
  }),
  posted('a range that runs backwards', '/api/v1/query_range', {
    query: 'up',
    start: '1e300',
    end: '-1e300',
    step: '1e-300',
  }),
  posted('a time beyond all time', '/api/v1/query', { query: 'up', time: '1e400' }),
  { name: 'a path that is no URL', run: (target) => judged(target, '/%ff/%zz//..;/api') },
  {
    name: 'a label name of 4,000',
    run: (target) => judged(target, `/api/v1/label/${'x'.repeat(4000)}/values`),
  },
  { name: 'an encoded slash', run: (target) => judged(target, '/api/v1/label/%2e%2e%2f%2e%2e/values') },
  {
    name: 'parameters without end',
    run: (target) => judged(target, '/api/v1/query', 'query=1&'.repeat(50_000)),
  },
];

const FUNCTIONS = [
  'rate',
  'increase',
  'sum',
  'topk',
  'sort',
  'absent',
  'label_join',
  'label_replace',
  'histogram_quantile',
  'count_values',
  'predict_linear',
  'holt_winters',
  'quantile_over_time',
  'vector',
  'scalar',
  'time',
  'info',
];
const PIECES = [
  'up',
  '{__name__=~".+"}',
  'db_queries_total',
  '[5m]',
  '[1h:1s]',
  'offset -1h',
  '@ end()',
  'by (x)',
  'without ()',
  'on()',
  'group_left',
  '*',
  '/',
  '% 0',
  '==',
  '=~',
  '!~',
  'unless',
  'or',
  '(',
  ')',
  '{',
  '}',
  ',',
  '"a"',
  "'\\x00'",
  '1e308',
  'NaN',
  '-Inf',
  '0x',
  '5ms',
  '\\',
  '#',
  'bool',
  'and',
  '[',
  ']',
  ':',
  '{{',
  '$1',
];
const PATTERNS = [
  '.*',
  '.+',
  '(a|b)*',
  '[^x]{0,500}',
  '(.*){50}',
  '(?i)x',
  '\\p{L}+',
  '(?P<n>.)',
  '[',
  '(?',
  'a{1001}',
  '$1',
  '(a*)*b',
  '.{1000}',
];

function expression(random: Random, depth: number): string {
  const roll = random.next();
  if (depth === 0 || roll < 0.15) return random.pick(PIECES);
  if (roll < 0.35)
    return `${random.pick(FUNCTIONS)}(${Array.from({ length: random.below(5) }, () => expression(random, depth - 1)).join(',')})`;
  if (roll < 0.5) return `{__name__=~"${random.several(PATTERNS, 8).join(random.pick(['|', '']))}"}`;
  if (roll < 0.65)
    return `label_replace(${expression(random, depth - 1)}, "x", "${'$1'.repeat(random.below(20))}", "__name__", "${random.several(PATTERNS, 4).join('')}")`;
  if (roll < 0.8)
    return `(${expression(random, depth - 1)} ${random.pick(['+', '*', 'or', 'and', 'unless', '== bool'])} ${expression(random, depth - 1)})`;
  if (roll < 0.9)
    return `${random.pick(['max_over_time', 'rate', 'avg_over_time'])}(${expression(random, depth - 1)}[${random.pick(['1m', '6h', '1d'])}${random.pick(['', ':', ':1s', ':1ms'])}])`;
  return random.several(PIECES, 12).join(' ');
}

const PATHS = ['/api/v1/query', '/api/v1/query_range', '/api/v1/series', '/api/v1/labels'];

/** What can be asked of the monitor over HTTP. */
export const queries: Attack = {
  name: 'queries',
  known,
  weight: 4,
  parallel: 6,
  generate: (random) => {
    const text = random.next() < 0.1 ? random.text(300) : expression(random, 1 + random.below(6));
    const path = random.pick(PATHS);
    const fields = {
      query: text,
      'match[]': text,
      start: String(random.below(2) * 1.7e9),
      end: random.pick(['1.8e9', '-1', 'x', '']),
      step: random.pick(['1', '0', '1e9', '60', '-1']),
      time: random.pick(['', '1', '1.8e9', 'now']),
    };
    return { name: `${path} ${text}`, run: (target) => judged(target, path, form(fields)) };
  },
};

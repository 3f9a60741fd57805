import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dashboards } from '../../scripts/dashboards/all.ts';
import { metricRows } from '../../src/metrics/catalogue.ts';
import { dashboardFiles, filledIn, panelQueries } from '../helpers/dashboards/dashboard-files.ts';
import { namesInLogql } from '../helpers/dashboards/logql.ts';
import { namesInPromql, undocumented } from '../helpers/dashboards/promql.ts';
import { fieldsInLoki } from '../helpers/dashboards/record-fields.ts';

const files = dashboardFiles();
/** Set by Grafana itself, or in links by what is clicked. */
const OF_GRAFANA = /^__/;
const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name).filter((name) => !OF_GRAFANA.test(name));

test('the files are what the descriptions make, all seven of them', () => {
  assert.deepEqual(files.map(({ name }) => name).sort(), [
    'ai',
    'alerts',
    'database',
    'http',
    'logs',
    'overview',
    'system',
  ]);
  for (const { name, text } of files) {
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(dashboards[name]?.())), name);
  }
});

test('a dashboard has its own uid, title and tag, and panels with descriptions', () => {
  assert.equal(new Set(files.map(({ uid }) => uid)).size, files.length);
  for (const { name, uid, title, tags, panels } of files) {
    assert.equal(uid, `geometra-${name}`);
    assert.match(title, /^Geometra \/ \w/);
    assert.deepEqual(tags, ['geometra-monitoring']);
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    for (const panel of panels) {
      assert.ok(panel.title.length > 0 && panel.description.endsWith('.'), `${name}: ${panel.title}`);
      assert.ok(panel.targets.length > 0, panel.title);
    }
  }
});

test('panels fill their rows and do not overlap', () => {
  for (const { name, panels } of files) {
    const taken = new Set<string>();
    for (const {
      title,
      gridPos: { x, y, w, h },
    } of panels) {
      assert.ok(x + w <= 24, `${name}: ${title}`);
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          assert.ok(!taken.has(`${column} ${row}`), `${name}: ${title} lies over another panel`);
          taken.add(`${column} ${row}`);
        }
      }
    }
  }
});

test('data sources are chosen by variable, and every variable that is used exists and the other way round', () => {
  for (const { name, panels, templating, text } of files) {
    for (const { datasource, targets, title } of panels) {
      const expected = datasource.type === 'loki' ? '${logs}' : '${metrics}';
      assert.equal(datasource.uid, expected, `${name}: ${title}`);
      for (const target of targets) assert.deepEqual(target.datasource, datasource, target.expr);
    }
    const known = templating.list.map((variable) => variable.name);
    assert.deepEqual([...new Set(variablesIn(text))].sort(), [...known].sort(), name);
  }
});

test('a variable asks only for those before it, and "All" fits series without the label', () => {
  for (const { name, templating } of files) {
    const before = new Set<string>();
    for (const variable of templating.list) {
      for (const used of variablesIn(JSON.stringify([variable.query, variable.datasource]))) {
        assert.ok(before.has(used), `${name}: ${variable.name} asks for ${used}`);
      }
      before.add(variable.name);
      if (variable.datasource?.type === 'prometheus') assert.equal(variable.allValue, '.*', variable.name);
    }
  }
});

test('the values of a variable come from a label that exists', async () => {
  const { labels } = await fieldsInLoki();
  let seen = 0;
  for (const file of files) {
    const { name, templating } = file;
    for (const variable of templating.list.filter(({ type }) => type === 'query')) {
      seen += 1;
      const where = `${name}: ${variable.name}`;
      const query = variable.query as {
        readonly query?: string;
        readonly label?: string;
        readonly stream?: string;
      };
      if (variable.datasource?.type === 'loki') {
        assert.ok(labels.has(query.label ?? ''), where);
        for (const used of namesInLogql(filledIn(query.stream || '{service_name=~".+"}', file)).labels) {
          assert.ok(labels.has(used), where);
        }
        continue;
      }
      const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query.query ?? '') ?? [];
      assert.deepEqual(undocumented(`sum by (${label}) (${filledIn(selector, file)})`), [], where);
    }
  }
  assert.ok(seen > 15, `${seen} variables`);
});

test('alerts that fire are marked on every dashboard', () => {
  for (const file of files) {
    const { name, annotations } = file;
    const marks = annotations.list.map(({ target }) => filledIn(target.expr, file));
    assert.deepEqual(
      marks,
      [
        'max by (alertname, severity) (ALERTS{alertstate="firing",severity!="none",job=~".*",instance=~".*"})',
      ],
      name,
    );
    assert.deepEqual(undocumented(marks[0] ?? ''), []);
  }
});

test('every PromQL query parses and names documented metrics and labels only', () => {
  const queries = panelQueries('prometheus');
  assert.ok(queries.length > 60, `${queries.length} queries`);
  for (const { where, query } of queries) {
    assert.deepEqual(undocumented(query), [], where);
  }
});

test('every query of metrics can be narrowed to a service and a process', () => {
  for (const { where, query } of panelQueries('prometheus')) {
    const { selectors } = namesInPromql(query);
    assert.ok(selectors.length > 0, where);
    for (const { matchers } of selectors) {
      const names = new Set(matchers.map((matcher) => matcher.name));
      assert.ok(names.has('job') && names.has('instance'), where);
    }
  }
});

test('rates over time have a step of a minute, so that a push every minute is enough for them', () => {
  for (const { where, target } of panelQueries('prometheus')) {
    assert.equal(target.expr.includes('$__rate_interval') && target.interval !== '1m', false, where);
    // Rates over the step are for time series; instant queries use the selected time range.
    if (target.instant === true) assert.doesNotMatch(target.expr, /\$__(rate_)?interval/, where);
    else assert.doesNotMatch(target.expr, /\$__range/, where);
  }
});

test('a legend names labels that the query keeps', () => {
  for (const { where, target, query } of [...panelQueries('prometheus'), ...panelQueries('loki')]) {
    for (const [, label = ''] of (target.legendFormat ?? '').matchAll(/\{\{(\w+)\}\}/g)) {
      if (/^(?:job|instance)$/.test(label) && !/\bby\b/.test(query)) continue;
      const groupings = [...query.matchAll(/\bby \(([^)]*)\)/g)].map(([, list = '']) => list.split(', '));
      assert.ok(
        groupings.some((labels) => labels.includes(label)),
        `${where}: ${label}`,
      );
    }
  }
});

test('a bound of a bucket is one of those of the histogram, written as Prometheus writes it', () => {
  const bounds = new Map(
    metricRows.map(({ name, boundaries = [] }) => [
      `${name}_bucket`,
      boundaries.map((bound) => (Number.isInteger(bound) ? `${bound}.0` : String(bound))),
    ]),
  );
  let seen = 0;
  for (const { where, query } of panelQueries('prometheus')) {
    for (const { name, matchers } of namesInPromql(query).selectors) {
      for (const matcher of matchers.filter((one) => one.name === 'le')) {
        seen += 1;
        assert.ok(bounds.get(name)?.includes(matcher.value), where);
      }
    }
  }
  assert.ok(seen > 0);
});

test('every LogQL query parses and names only labels and fields that our Loki configuration and records have', async () => {
  const { labels, fields } = await fieldsInLoki();
  const queries = panelQueries('loki');
  assert.ok(queries.length >= 5);
  for (const { where, query } of queries) {
    const names = namesInLogql(query);
    assert.ok(names.selects, `${where}: Loki wants a matcher that does not fit everything`);
    for (const name of names.labels) assert.ok(labels.has(name), `${where}: ${name} is no label in Loki`);
    for (const name of names.fields) assert.ok(fields.has(name), `${where}: no field ${name}`);
  }
});

test('a trace id in the logs is a link to all lines of that trace', () => {
  const logs = files.find(({ name }) => name === 'logs');
  assert.match(logs?.text ?? '', /\/d\/geometra-logs\?[^"]*var-trace=\$\{__value\.raw\}/);
  assert.ok(logs?.templating.list.some(({ name, type }) => name === 'trace' && type === 'textbox'));
});

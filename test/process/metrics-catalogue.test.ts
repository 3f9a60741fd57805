import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { type MetricRow, metricRows } from '../../src/metrics/catalogue.ts';
import { folderWith } from '../helpers/cli/cli.ts';
import { fixture, REPOSITORY, Service } from '../helpers/service.ts';

/** A rule that fires at once and one that stays pending, so that alerts and notifications have series. */
const RULES = `groups:
  - name: always
    rules:
      - alert: Always
        expr: vector(1)
      - alert: Pending
        expr: vector(1)
        for: 1h
`;

/** A collector, a webhook and a page to scrape in one: everything posted to it is taken. */
async function outside(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', request.method === 'GET' ? 'text/plain' : 'application/json');
    response.end(request.method === 'GET' ? 'outside_total 1\n' : '{}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Family {
  kind: string;
  help: string;
  unit: string;
  readonly labels: Set<string>;
}

/** The families of a page: what the comment lines say, and the names of labels seen. */
function familiesOf(page: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let current: Family = { kind: '', help: '', unit: '', labels: new Set() };
  for (const line of page.split('\n')) {
    const [, comment, name = '', rest = ''] = /^# (HELP|UNIT|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (comment === 'HELP') {
      current = { kind: '', help: rest, unit: '', labels: new Set() };
      families.set(name, current);
    } else if (comment === 'UNIT') current.unit = rest;
    else if (comment === 'TYPE') current.kind = rest;
    else
      for (const [, label = ''] of line.matchAll(/[{,]([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g))
        current.labels.add(label);
  }
  return families;
}

const TYPES: Readonly<Record<MetricRow['kind'], string>> = {
  counter: 'counter',
  updown: 'gauge',
  gauge: 'gauge',
  histogram: 'histogram',
};

const LIMIT = { timeout: 60_000 };

test(
  'everything that a running service exposes is in the catalogue as it is there, and every row appears',
  LIMIT,
  async (t) => {
    const url = await outside(t);
    const folder = folderWith(t, { 'rules.yml': RULES });
    await using service = new Service(fixture('everything.cjs'), {
      env: {
        MONITORING_PACKAGE: join(REPOSITORY, 'dist', 'index.cjs'),
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        MONITORING_RULES: join(folder, 'rules.yml'),
        MONITORING_RULES_INTERVAL: '200ms',
        MONITORING_WEBHOOK_URL: `${url}/hook`,
        MONITORING_SCRAPE: `outside=${url}/metrics`,
      },
    });
    const answer = await fetch(`${await service.url()}/`);
    await answer.text();
    const page = await service.metricsWith(/^ALERTS\{.*alertstate="firing"/m);

    const families = familiesOf(page);
    const wrong: string[] = [];
    for (const [name, { kind, help, unit, labels }] of families) {
      const row = metricRows.find((one) => one.name === name);
      if (!row) {
        wrong.push(`${name} is not in the catalogue`);
        continue;
      }
      const expected =
        row.labels === 'any' ? labels : new Set([...row.labels, ...(kind === 'histogram' ? ['le'] : [])]);
      assert.deepEqual(
        { kind, help, unit, labels: [...labels].toSorted() },
        { kind: TYPES[row.kind], help: row.help, unit: row.unit, labels: [...expected].toSorted() },
        name,
      );
    }
    assert.deepEqual(wrong, []);
    const absent = metricRows.filter(
      ({ name, onPage, onlyIf }) => onPage !== false && onlyIf === undefined && !families.has(name),
    );
    assert.deepEqual(
      absent.map(({ name }) => name),
      [],
    );

    const monitor = await service.monitorUrl();
    for (const { name, labels } of metricRows.filter(({ onPage }) => onPage === false)) {
      const found = await fetch(`${monitor}/api/v1/query?query=${name}`);
      const { data } = (await found.json()) as { data: { result: { metric: Record<string, string> }[] } };
      const [series] = data.result;
      assert.ok(series, name);
      const { __name__: _name, ...shown } = series.metric;
      if (labels !== 'any') assert.deepEqual(Object.keys(shown).toSorted(), [...labels].toSorted(), name);
    }
  },
);

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../helpers/stack/eventually.ts';
import { scriptedPage } from '../helpers/stack/scripted-page.ts';
import { startTestShop } from '../helpers/stack/shop.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';

const RULES = `rules:
  - name: FarAway
    condition: 'sum by (site) (far_away_total) > 30'
    duration: 0s
    severity: critical
    description: 'site {{ $labels.site }} has {{ $value }}{{ with query "far_away_limit" }} of {{ . | first | value }}{{ end }}'
  - name: Ambiguous
    condition: far_away_total * on () far_away_limit
    duration: 0s
    severity: warning
`;

interface RuleRow {
  readonly name: string;
  readonly state: string;
  readonly health: string;
  readonly lastError?: string;
  readonly alerts: readonly { readonly annotations: Readonly<Record<string, string>> }[];
}

/** The rules of a service by its own API. */
async function rulesAt(url: string): Promise<ReadonlyMap<string, RuleRow>> {
  const answer = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
    readonly data: { readonly groups: readonly { readonly rules: readonly RuleRow[] }[] };
  };
  return new Map(answer.data.groups.flatMap(({ rules }) => rules).map((rule) => [rule.name, rule]));
}

test(
  'a service whose rules a Prometheus evaluates fires on series that only that one has, and keeps its alerts while it is away',
  { skip: unlessBuilt(['prometheus']) },
  async (context) => {
    const page = await scriptedPage(context, () => [
      'far_away_total{site="north",n="1"} 20',
      'far_away_total{site="north",n="2"} 22',
      'far_away_total{site="south",n="1"} 3',
      'far_away_limit 30',
    ]);
    const configuration = JSON.stringify({
      global: { scrape_interval: '1s' },
      scrape_configs: [{ job_name: 'far', static_configs: [{ targets: [page.address] }] }],
    });
    const stack = await startTestStack(context, ['prometheus'], {
      edit: (path, text) => (path.endsWith('/prometheus.yml') ? configuration : text),
    });
    const folder = temporaryFolder(context);
    const rules = join(folder, 'rules.yml');
    writeFileSync(rules, RULES);
    const shop = await startTestShop(context, folder, {
      MONITORING_RULES: rules,
      MONITORING_RULES_INTERVAL: '1s',
      MONITORING_PROMETHEUS_URL: stack.url('prometheus', 9090),
    });
    await shop.visit();
    const own = `http://${shop.metricsAddress}`;
    await eventually(async () => {
      const row = (await rulesAt(own)).get('FarAway');
      assert.equal(row?.state, 'firing');
      assert.deepEqual(
        row.alerts.map(({ annotations }) => annotations['description']),
        ['site north has 42 of 30'],
      );
      assert.equal(row.health, 'ok');
    });
    const ambiguous = (await rulesAt(own)).get('Ambiguous');
    assert.equal(ambiguous?.health, 'err');
    assert.match(ambiguous.lastError ?? '', /^execution: .*many-to-/);
    assert.match(await (await fetch(`${own}/metrics`)).text(), /^ALERTS\{alertname="FarAway".*site="north"/m);

    await stack.stop();
    await eventually(async () => {
      const row = (await rulesAt(own)).get('FarAway');
      assert.equal(row?.health, 'err');
      assert.match(row.lastError ?? '', /ECONNREFUSED/);
      assert.equal(row.state, 'firing');
    });
  },
);

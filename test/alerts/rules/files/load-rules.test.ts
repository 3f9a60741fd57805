import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import {
  groupsToPrometheus,
  toPrometheusRules,
} from '../../../../src/alerts/rules/files/export-prometheus.ts';
import { loadRules } from '../../../../src/alerts/rules/files/load-rules.ts';
import type { RuleFiles } from '../../../../src/alerts/rules/files/rule-paths.ts';
import { readRuleFile } from '../../../../src/alerts/rules/files/read-rule-file.ts';

const ruleFilesOnDisk: RuleFiles = {
  readFile: (path) => readFileSync(path, 'utf8'),
  listFolder: (path) =>
    statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : undefined,
};

const rule = (name: string): string => `- {name: ${name}, condition: up == 0}\n`;

describe('loading', () => {
  test('files and folders, in the order given, folders by name, each file once', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const at = (name: string): string => join(folder, name);
    mkdirSync(at('more/below'), { recursive: true });
    writeFileSync(at('one.yml'), rule('One'));
    writeFileSync(at('more/b.yaml'), rule('B'));
    writeFileSync(at('more/a.json'), JSON.stringify([{ name: 'A', condition: 'up == 0' }]));
    writeFileSync(at('more/notes.txt'), 'no rules');
    writeFileSync(at('more/below/c.yml'), rule('C'));
    const loaded = loadRules([at('one.yml'), at('more'), at('one.yml')], ruleFilesOnDisk);
    assert.deepEqual(loaded.problems, []);
    assert.deepEqual(loaded.files, [at('one.yml'), at('more/a.json'), at('more/b.yaml')]);
    assert.deepEqual(
      loaded.groups.flatMap(({ rules }) => rules.map(({ name }) => name)),
      ['One', 'A', 'B'],
    );
  });

  test('what cannot be read is reported, and the rest is loaded', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const good = join(folder, 'good.yml');
    writeFileSync(good, rule('Good'));
    const missing = join(folder, 'missing.yml');
    const secret = join(folder, 'secret.yml');
    writeFileSync(secret, rule('Secret'));
    chmodSync(secret, 0);
    const files = {
      ...ruleFilesOnDisk,
      readFile(path: string): string | Uint8Array {
        // Root reads everything; for everybody else the mode above says the same.
        if (path === secret) throw new Error('EACCES: permission denied');
        return ruleFilesOnDisk.readFile(path);
      },
    };
    const { groups, problems } = loadRules([missing, secret, good], files);
    assert.deepEqual(
      problems.map(({ code, params }) => [code, params['where'], String(params['got']).split(':')[0]]),
      [
        ['MON_RULE_FILE', missing, 'ENOENT'],
        ['MON_RULE_FILE', secret, 'EACCES'],
      ],
    );
    assert.equal(groups.length, 1);
  });
});

describe('export to Prometheus', () => {
  test('documented rules become one group that reads back to the same rules', () => {
    const text = toPrometheusRules(
      [
        {
          name: 'HighCpu',
          condition: 'system_cpu_usage > 90',
          duration: '5m',
          severity: 'warning',
          description: 'CPU at {{ $value }}: "hot"',
          labels: { team: 'web' },
          keepFiringFor: '1m',
          runbook: 'https://example.org/cpu',
          category: 'system',
        },
        { name: 'Plain', condition: 'up == 0', duration: '0s', severity: '', description: '', labels: {} },
      ],
      'ours',
    );
    assert.deepEqual(parse(text), {
      groups: [
        {
          name: 'ours',
          rules: [
            {
              alert: 'HighCpu',
              expr: 'system_cpu_usage > 90',
              for: '5m',
              keep_firing_for: '1m',
              labels: { team: 'web', severity: 'warning', category: 'system' },
              annotations: {
                description: 'CPU at {{ $value }}: "hot"',
                runbook_url: 'https://example.org/cpu',
              },
            },
            { alert: 'Plain', expr: 'up == 0', for: '0s' },
          ],
        },
      ],
    });
    assert.deepEqual(readRuleFile('r.yml', text).problems, []);
  });

  test('loaded groups are written so that they load again, also when two files use one name', () => {
    const source = `
groups:
  - name: g
    interval: 30s
    limit: 3
    query_offset: 1m
    labels: {team: web}
    rules:
      - {record: "a:b", expr: sum(x), labels: {l: "1"}}
      - {alert: A, expr: "a:b > 1", for: 1h30m, keep_firing_for: 2m, annotations: {summary: s}}
`;
    const { groups } = readRuleFile('one.yml', source);
    const text = groupsToPrometheus([...groups, ...groups]);
    const again = readRuleFile('two.yml', text);
    assert.deepEqual(again.problems, []);
    assert.deepEqual(
      again.groups.map(({ name }) => name),
      ['g', 'g (2)'],
    );
    const plain = (list: typeof groups): unknown =>
      list.map(({ intervalMs, limit, queryOffsetMs, rules }) => ({
        intervalMs,
        limit,
        queryOffsetMs,
        rules: rules.map(({ kind, name, exprText, labels }) => ({ kind, name, exprText, labels })),
      }));
    assert.deepEqual(plain(again.groups.slice(0, 1)), plain(groups));
  });
});

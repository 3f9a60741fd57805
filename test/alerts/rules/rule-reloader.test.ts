import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { RuleGroup } from '../../../src/alerts/rules/rule.ts';
import { ruleFilesOnDisk } from '../../../src/alerts/rules/rule-files.ts';
import { RuleReloader } from '../../../src/alerts/rules/rule-reloader.ts';
import { createFakeLog, type FakeLog } from '../helpers/fake-log.ts';
import { Rig } from '../helpers/rig.ts';

interface Setting {
  readonly folder: string;
  readonly log: FakeLog;
  readonly applied: string[][];
  readonly reloader: RuleReloader;
}

const rule = (name: string): string => `- {name: ${name}, condition: up == 0}\n`;

function settingFor(t: TestContext): Setting {
  const folder = mkdtempSync(join(tmpdir(), 'reload-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.yml'), rule('A'));
  const log = createFakeLog();
  const applied: string[][] = [];
  const apply = (groups: readonly RuleGroup[]): void => {
    applied.push(groups.flatMap(({ rules }) => rules.map(({ name }) => name)));
  };
  const reloader = new RuleReloader({ paths: [folder], files: ruleFilesOnDisk, ownLog: log, apply });
  return { folder, log, applied, reloader };
}

test('nothing changed: nothing is loaded', (t) => {
  const { reloader, applied, folder } = settingFor(t);
  assert.equal(reloader.check(), undefined);
  // The same content written again is no change.
  writeFileSync(join(folder, 'a.yml'), rule('A'));
  assert.equal(reloader.check(), undefined);
  assert.deepEqual(applied, []);
});

test('a file that changes, comes or goes is loaded, once', (t) => {
  const { reloader, applied, folder, log } = settingFor(t);
  writeFileSync(join(folder, 'a.yml'), rule('A2'));
  assert.equal(reloader.check()?.ok, true);
  assert.equal(reloader.check(), undefined);
  writeFileSync(join(folder, 'b.yml'), rule('B'));
  reloader.check();
  unlinkSync(join(folder, 'a.yml'));
  reloader.check();
  assert.deepEqual(applied, [['A2'], ['A2', 'B'], ['B']]);
  assert.deepEqual(log.lines.at(-1), 'INFO alert rules: loaded again, 1 rule(s) in 1 file(s)');
});

test('a mistake keeps all old rules, is said each time, and its correction is loaded', (t) => {
  const { reloader, applied, folder, log } = settingFor(t);
  writeFileSync(join(folder, 'a.yml'), rule('Good') + '- {name: Bad, condition: up ==}\n');
  assert.equal(reloader.check()?.ok, false);
  assert.deepEqual(applied, []);
  assert.match(log.lines[0] ?? '', /\[MON_RULE\] .*a\.yml:2:\d+: expected a PromQL expression/);
  assert.match(log.lines[1] ?? '', /the rules loaded before stay in force/);
  assert.equal(reloader.reload().ok, false);
  assert.equal(log.lines.length, 4);
  writeFileSync(join(folder, 'a.yml'), rule('Good'));
  assert.equal(reloader.check()?.ok, true);
  assert.deepEqual(applied, [['Good']]);
});

test('a folder that is exchanged as a whole, as Kubernetes mounts configuration', (t) => {
  const { folder } = settingFor(t);
  const old = mkdtempSync(join(folder, 'v'));
  const next = mkdtempSync(join(folder, 'v'));
  writeFileSync(join(old, 'r.yml'), rule('Old'));
  writeFileSync(join(next, 'r.yml'), rule('New'));
  const mounted = join(folder, 'rules');
  symlinkSync(old, mounted);
  const applied: number[] = [];
  const reloader = new RuleReloader({
    paths: [mounted],
    files: ruleFilesOnDisk,
    ownLog: createFakeLog(),
    apply: (groups) => applied.push(groups.length),
  });
  symlinkSync(next, `${mounted}.new`);
  renameSync(`${mounted}.new`, mounted);
  const reload = reloader.check();
  assert.equal(reload?.loaded.groups[0]?.rules[0]?.name, 'New');
});

test('started, it looks every five seconds', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { reloader, applied, folder } = settingFor(t);
  reloader.start();
  writeFileSync(join(folder, 'a.yml'), rule('A2'));
  t.mock.timers.tick(4999);
  assert.deepEqual(applied, []);
  t.mock.timers.tick(1);
  assert.deepEqual(applied, [['A2']]);
  reloader.stop();
});

test('alerts of rules that stay go on over a reload, with nothing told anew', async (t) => {
  const { folder } = settingFor(t);
  const hot = '- {name: Hot, condition: temperature > 30}\n';
  const path = join(folder, 'a.yml');
  const rig = new Rig({ rules: hot });
  const reloader = new RuleReloader({
    paths: [path],
    files: ruleFilesOnDisk,
    ownLog: rig.log,
    apply: (groups) => rig.evaluator.setGroups(groups),
  });
  await rig.gauge('temperature', 35).at(0);
  writeFileSync(path, `${hot}- {name: Cold, condition: temperature < 0}\n`);
  reloader.check();
  await rig.until(60);
  assert.deepEqual(rig.list.told, ['Hot |']);
  assert.deepEqual(rig.alerts, ['Hot firing']);
});

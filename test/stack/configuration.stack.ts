import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sayMissing } from '../../scripts/stack/native-stack.ts';
import { repository, type ProgramName } from '../../scripts/stack/programs.ts';
import { isBuilt } from '../../scripts/stack/stamp.ts';
import { runProgram } from '../helpers/stack/run-program.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';

const collector = (file: string): string => join(repository, 'collector', 'otelcol', file);
const prometheus = join(repository, 'collector', 'prometheus');

function unlessProgram(name: ProgramName): string | false {
  return !isBuilt(name) && sayMissing([name]);
}

for (const access of ['open', 'token']) {
  for (const metrics of ['otlp', 'scrape']) {
    test(
      `the collector takes its configuration: access ${access}, metrics ${metrics}`,
      { skip: unlessProgram('otelcol') },
      (context) => {
        const files = ['otelcol.yaml', `access-${access}.yaml`, `metrics-${metrics}.yaml`];
        const { code, output } = runProgram(
          'otelcol',
          ['validate', ...files.map((file) => `--config=${collector(file)}`)],
          { QUEUE_DIR: temporaryFolder(context), OTLP_TOKEN: 'x' },
        );
        assert.equal(code, 0, output);
      },
    );
  }
}

test(
  'with token access and no token the collector does not start',
  { skip: unlessProgram('otelcol') },
  (context) => {
    const files = ['otelcol.yaml', 'access-token.yaml', 'metrics-otlp.yaml'];
    const { code, output } = runProgram(
      'otelcol',
      ['validate', ...files.map((file) => `--config=${collector(file)}`)],
      { QUEUE_DIR: temporaryFolder(context), OTLP_TOKEN: '' },
    );
    assert.notEqual(code, 0);
    assert.match(output, /token/);
  },
);

for (const metrics of ['otlp', 'scrape']) {
  test(
    `promtool finds nothing wrong with the configuration of Prometheus: metrics ${metrics}`,
    { skip: unlessProgram('promtool') },
    (context) => {
      // As docker-compose.yml mounts it: one folder of targets.
      const folder = temporaryFolder(context);
      cpSync(join(prometheus, 'prometheus.yml'), join(folder, 'prometheus.yml'));
      cpSync(join(prometheus, 'rules'), join(folder, 'rules'), { recursive: true });
      cpSync(join(prometheus, 'targets', metrics), join(folder, 'targets'), { recursive: true });
      writeFileSync(
        join(folder, 'rules', 'exported.yml'),
        'groups: [{name: g, rules: [{alert: A, expr: "up == 0", for: 1m}]}]\n',
      );
      const { code, output } = runProgram('promtool', ['check', 'config', join(folder, 'prometheus.yml')]);
      assert.equal(code, 0, output);
      assert.match(output, /1 rule files? found|SUCCESS: 1 rules found/);
    },
  );
}

test(
  'the rules of the package and of the demo, exported, are loaded and evaluated by Prometheus without a fault',
  { skip: unlessBuilt(['prometheus']) || unlessProgram('promtool') },
  async (context) => {
    const folder = temporaryFolder(context);
    const { stdout, status } = spawnSync(
      process.execPath,
      ['dist/cli.mjs', 'rules', 'export', '--format', 'prometheus', '--default-rules', 'demo/rules.yml'],
      { cwd: repository, encoding: 'utf8' },
    );
    assert.equal(status, 0);
    const exported = join(folder, 'exported.yml');
    writeFileSync(exported, stdout);
    const checked = runProgram('promtool', ['check', 'rules', exported]);
    assert.equal(checked.code, 0, checked.output);
    const stack = await startTestStack(context, ['prometheus'], { folder });
    writeFileSync(
      join(folder, 'configuration/etc/prometheus/rules/exported.yml'),
      stdout.replaceAll(/interval: \d+\w+/g, 'interval: 1s'),
    );
    const url = stack.url('prometheus', 9090);
    const reloaded = await fetch(`${url}/-/reload`, { method: 'POST' });
    assert.equal(reloaded.status, 200, await reloaded.text());
    await eventually(async () => {
      const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
      };
      const rules = data.groups.flatMap((group) => group.rules);
      assert.ok(rules.some(({ name }) => name === 'CheckoutErrors'));
      const faulty = rules.filter(({ health }) => health !== 'ok');
      assert.deepEqual(faulty, [], 'rules that are not evaluated yet, or with a fault');
    });
  },
);

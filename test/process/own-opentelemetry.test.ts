import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, REPOSITORY, Service } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** An ES module that gets the API by `import`: another copy than that of `require`. */
function esModule(): string {
  const folder = temporaryFolder('own-esm');
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  const program = join(folder, 'app.mjs');
  const text = readFileSync(fixture('own-metrics.cjs'), 'utf8')
    .replace(
      /const \{ metrics, trace, logs: logsApi \} = require\('@opentelemetry\/api'\);/,
      "import { metrics, trace, logs as logsApi } from '@opentelemetry/api';",
    )
    .replace(
      /const legacy = require\('@opentelemetry\/api-logs'\)\.logs/,
      "import { logs as legacyApi } from '@opentelemetry/api-logs';\nconst legacy = legacyApi",
    )
    .replace("const http = require('node:http');", "import http from 'node:http';");
  writeFileSync(program, text);
  return program;
}

for (const mode of ['auto', 'always']) {
  for (const kind of ['CommonJS', 'ES module']) {
    test(`O1 instruments and loggers at module level count from the first call: ${kind}, ${mode}`, async () => {
      const env = { MONITORING_REGISTER_GLOBALS: mode };
      const program = kind === 'CommonJS' ? fixture('own-metrics.cjs') : esModule();
      await using service = new Service(program, { env });
      await (await fetch(await service.url())).text();
      const page = await service.metricsWith(/^orders_placed_total\{shop="north"\} 2$/m);
      assert.match(page, /^queue 3$/m);
      await service.until(
        () => service.dailyLines('audit').length === 2 || undefined,
        'both records in the daily file',
      );
      assert.equal(service.dailyLines('legacy').length, 1);
      assert.match(service.dailyLines('audit').join('\n'), /first of all\n.*in a request$/);
    });
  }
}

test('O1 a process without a server that has only instruments is observed', async () => {
  const folder = temporaryFolder('own-plain');
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  const program = join(folder, 'app.cjs');
  writeFileSync(
    program,
    `const jobs = require('@opentelemetry/api').metrics.getMeter('q').createCounter('jobs'); setInterval(() => jobs.add(1), 50);`,
  );
  await using service = new Service(program);
  await service.metricsWith(/^jobs_total \d+$/m);
});

test('MONITORING_REGISTER_GLOBALS=never leaves the service’s OpenTelemetry alone', async () => {
  await using service = new Service(fixture('own-metrics.cjs'), {
    env: { MONITORING_REGISTER_GLOBALS: 'never' },
  });
  await fetch(await service.url());
  const page = await service.metricsWith(/^http_requests_total\{.*\} 1$/m);
  assert.doesNotMatch(page, /orders_placed|^queue/m);
});

test('O5 a callback that never settles takes no other metric away, and is logged', async () => {
  await using service = new Service(fixture('own-metrics.cjs'), { args: ['stuck'] });
  const page = await service.metricsWith(/^queue 3$/m);
  assert.match(page, /^orders_placed_total\{shop="north"\} 1$/m);
  assert.match(page, /^monitoring_agent_up 1$/m);
  await service.line(/\[MON_METRIC_CALLBACK\] the callback of the instrument stuck did not finish/, 'stderr');
});

test('O2 an SDK that the service starts after listen gets its spans, records and metrics as without us', async () => {
  const last = async (service: Service): Promise<unknown> => {
    for (let request = 0; request < 3; request += 1) await fetch(await service.url());
    const seen = await service.until(() => {
      const lines = service.stdout.match(/^SDK .*$/gm);
      const found = lines && (JSON.parse((lines.at(-1) ?? '').slice(4)) as Record<string, unknown>);
      return found?.['later'] === true && String(found['spans']) !== '' && String(found['logs']) !== ''
        ? found
        : undefined;
    }, 'spans, records and metrics of the own SDK');
    return seen;
  };
  const ready = async (service: Service): Promise<void> => void (await service.line(/^SDK /m));
  await using bare = new Service(fixture('own-metrics.cjs'), { args: ['own-sdk'], nodeArgs: [] });
  await using ours = new Service(fixture('own-metrics.cjs'), { args: ['own-sdk'] });
  await Promise.all([ready(bare), ready(ours)]);
  const expected = await last(bare);
  assert.deepEqual(await last(ours), expected);
  assert.deepEqual(expected, { spans: ['work'], logs: ['in a request'], later: true, orders: false });
  assert.equal(ours.stderr.match(/duplicate registration/), null);
});

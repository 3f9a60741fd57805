import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { until } from '../helpers/until.ts';

interface Run {
  readonly child: ChildProcess;
  /** Resolves with the code and all output when the demo has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Resolves when the output has matched, with the first group. */
  printed(pattern: RegExp): Promise<string>;
}

function startDemo(t: TestContext, ...args: string[]): Run {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../demo/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1' },
  });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  let onOutput = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput();
    });
  }
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, output })),
    printed: async (pattern) =>
      new Promise((resolve, reject) => {
        onOutput = () => {
          const match = pattern.exec(output);
          if (match) resolve(match[1] ?? '');
        };
        onOutput();
        child.once('close', () => reject(new Error(`ended without ${String(pattern)}:\n${output}`)));
      }),
  };
}

const SHOP = /shop +(http\S+)/;

test('two demos at once, piped, each carry data through every stage and leave nothing running', async (t) => {
  const runs = [startDemo(t, '--for', '45s', '--json'), startDemo(t, '--for', '45s', '--json')];
  const metricsPages = new Set<string>();
  for (const { ended } of runs) {
    const { code, output } = await ended;
    assert.equal(code, 0, output);
    const last = output.trimEnd().split('\n').at(-1) ?? '';
    const { stages, ok } = JSON.parse(last) as { stages: Record<string, number>; ok: boolean };
    assert.equal(ok, true);
    assert.equal(stages['metrics'], 11);
    assert.equal(stages['counted'], stages['requests'], 'each request is counted once');
    assert.equal(
      stages['logRecords'],
      stages['logLines'],
      'each line in a file is a record at the collector',
    );
    assert.match(
      output,
      /the payment provider starts failing[^]+mail to ops@shop\.example[^]+alert CheckoutErrors is resolved/,
    );
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(output, /\u001b/);
    metricsPages.add(/metrics +(http\S+)/.exec(output)?.[1] ?? '');
    await assert.rejects(fetch(SHOP.exec(output)?.[1] ?? ''));
  }
  assert.equal(metricsPages.size, 2);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends the demo in order, with its summary, and nothing runs on`, async (t) => {
    const demo = startDemo(t);
    const shop = await demo.printed(SHOP);
    assert.equal((await fetch(shop)).status, 200);
    demo.child.kill(signal);
    const { code, output } = await demo.ended;
    assert.equal(code, 130);
    assert.match(output, /requests sent/);
    await assert.rejects(fetch(shop));
  });
}

test('the shop ends when the demo is killed', async (t) => {
  const demo = startDemo(t);
  const shop = await demo.printed(SHOP);
  const answers = async (): Promise<boolean> =>
    fetch(shop).then(
      () => true,
      () => false,
    );
  assert.equal(await answers(), true);
  demo.child.kill('SIGKILL');
  await until(async () => !(await answers()), { what: 'the shop no longer answers' });
});

test('a wrong duration ends with code 2 and the usage', async (t) => {
  const { code, output } = await startDemo(t, '--for', 'ever').ended;
  assert.equal(code, 2);
  assert.match(output, /--for: expected a duration .* got "ever"[^]+npm run demo/);
});

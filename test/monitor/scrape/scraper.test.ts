import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { askOverHttp, type ScrapeAnswer, Scraper } from '../../../src/monitor/scrape/scraper.ts';
import { type Target, targetOf } from '../../../src/monitor/scrape/target.ts';
import { SampleStore } from '../../../src/samples/sample-store.ts';
import { recordingOwnLog } from '../../helpers/logging.ts';

async function targetAt(t: TestContext, answer: RequestListener): Promise<Target> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const target = targetOf(`shop=http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  assert.ok(target);
  return target;
}

/** Sends the chunk so often, in chunks without a length, and counts what went out. */
function endless(
  chunk: Buffer,
  count: number,
): { readonly answer: RequestListener; readonly sent: () => number } {
  let sent = 0;
  const answer: RequestListener = (_request, response) => {
    const send = (): void => {
      while (sent < count * chunk.length && !response.destroyed) {
        sent += chunk.length;
        if (response.write(chunk)) continue;
        response.once('drain', send);
        return;
      }
      response.end();
    };
    send();
  };
  return { answer, sent: () => sent };
}

const MIB = 2 ** 20;

test('M10 a page without a length is read up to the limit and no further', async (t) => {
  const { answer, sent } = endless(Buffer.alloc(MIB, `# ${'x'.repeat(1021)}\n`), 200);
  const found = await askOverHttp(await targetAt(t, answer), 10_000);
  assert.equal(found.kind, 'failed');
  assert.match(found.kind === 'failed' ? found.reason : '', /more than 16777216 bytes/);
  // What lies in the buffers of the connection comes on top.
  assert.ok(sent() < 40 * MIB, `${sent() / MIB} MiB`);
});

test('M10 a page of many short lines is left before its samples fill the memory', async (t) => {
  const { answer } = endless(Buffer.alloc(MIB, 'a 1\n'), 10);
  const found = await askOverHttp(await targetAt(t, answer), 10_000);
  assert.match(found.kind === 'failed' ? found.reason : '', /200000 lines/);
});

test('a page announced as too large is not read; one of the usual kind is', async (t) => {
  const large = await targetAt(t, (_request, response) => {
    response.writeHead(200, { 'content-length': 17 * MIB });
    response.flushHeaders();
  });
  assert.equal((await askOverHttp(large, 10_000)).kind, 'failed');
  const usual = await targetAt(t, (_request, response) => response.end('a 1\n'));
  assert.deepEqual(await askOverHttp(usual, 10_000), { kind: 'page', text: 'a 1\n' });
  const missing = await targetAt(t, (_request, response) => response.writeHead(404).end('none'));
  assert.deepEqual(await askOverHttp(missing, 10_000), { kind: 'failed', reason: 'status 404' });
});

test('M10 a page that is slower than the interval is waited for, and not asked again meanwhile', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const timeouts: number[] = [];
  const { promise: page, resolve } = Promise.withResolvers<ScrapeAnswer>();
  const store = new SampleStore();
  const scraper = new Scraper({
    targets: [targetOf('http://127.0.0.1:9')!],
    store,
    intervalMs: 1000,
    ownLog: recordingOwnLog(),
    now: () => 1000,
    monotonicMs: () => 0,
    ask: (_target, timeoutMs) => {
      timeouts.push(timeoutMs);
      return page;
    },
  });
  t.after(() => scraper.stop());
  scraper.start();
  t.mock.timers.tick(5000);
  assert.deepEqual(timeouts, [10_000]);
  resolve({ kind: 'page', text: 'a 1\n' });
  await page;
});

import { join } from 'node:path';
import { Child } from './child.ts';
import { added, budget, type Bench } from './harness.ts';
import { Load, type Request } from './load.ts';
import { AUTO, AUTO_DEFAULT, launch } from './variants.ts';

const REQUESTS: readonly Request[] = [
  ['GET', '/api/products/7'],
  ['GET', '/api/products/41'],
  ['GET', '/api/customers/12/orders/3'],
  ['GET', '/api/customers/9/orders/88'],
];
const WARM_UP_TIMES = 1250;
const TIMES = 4000;

/** A variant that has observed nothing would be measured for nothing. */
async function assertObserved(metricsUrl: string): Promise<void> {
  const page = await (await fetch(metricsUrl)).text();
  if (!/^http\w*_(?:bucket|total)\{/m.test(page))
    throw new Error(`no HTTP metrics on ${metricsUrl}:\n${page.slice(0, 500)}`);
}

/** CPU of the whole service per request to Express 5, all threads. */
export const overhead: Bench = {
  name: 'overhead',
  title: 'CPU of the service per Express 5 request, µs',
  unit: 'µs CPU per request',
  measures: { cpuUs: 'all threads', threadUs: 'main thread' },
  variants: ['bare', 'ours', 'express-prom-bundle', AUTO, AUTO_DEFAULT],
  runs: 7,
  async measure(variant) {
    const { execArgv, env, metricsUrl } = await launch(variant);
    const service = new Child(join(import.meta.dirname, 'programs', 'service.cjs'), execArgv, env);
    const load = new Load();
    try {
      const port = await service.next<number>('port');
      await load.send(port, REQUESTS, WARM_UP_TIMES);
      const before = await service.settle();
      await load.send(port, REQUESTS, TIMES);
      const after = await service.usage();
      if (metricsUrl !== undefined) await assertObserved(metricsUrl);
      const requests = REQUESTS.length * TIMES;
      return {
        cpuUs: (after.cpuUs - before.cpuUs) / requests,
        threadUs: (after.threadUs - before.threadUs) / requests,
      };
    } finally {
      await Promise.all([service.stop(), load.stop()]);
    }
  },
  budgets: (rounds) => [budget('CPU added to a request, µs', 5, added(rounds, 'cpuUs'))],
};

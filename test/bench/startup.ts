import { join } from 'node:path';
import { childrenCpuMs } from './children-cpu.ts';
import { Child, type Usage } from './child.ts';
import { added, budget, type Bench } from './harness.ts';
import { AUTO, AUTO_DEFAULT, launch } from './variants.ts';

const IDLE_PROCESSES = 10;
const MEBIBYTE = 1_048_576;

/** What a preload costs before the first answer and after it, and in a process that observes nothing. */
export const startup: Bench = {
  name: 'startup',
  title: 'Start of an Express 5 service, CPU in ms and memory in MiB',
  unit: 'ms CPU of the main thread to the first answer',
  measures: {
    firstMs: 'main thread to first answer',
    threadMs: 'main thread, settled',
    cpuMs: 'all threads, settled',
    rssMib: 'RSS',
    idleMs: '`node -e 0`',
  },
  variants: ['bare', 'ours', AUTO, AUTO_DEFAULT],
  runs: 5,
  async measure(variant) {
    const { execArgv, env } = await launch(variant);
    const idleMs = await childrenCpuMs([...execArgv, '-e', '0'], env, IDLE_PROCESSES);
    const service = new Child(join(import.meta.dirname, 'programs', 'service.cjs'), execArgv, env);
    try {
      const port = await service.next<number>('port');
      const answered = service.next<Usage>('first');
      await (await fetch(`http://127.0.0.1:${port}/first`)).arrayBuffer();
      const first = await answered;
      const settled = await service.settle();
      return {
        firstMs: first.threadUs / 1000,
        threadMs: settled.threadUs / 1000,
        cpuMs: settled.cpuUs / 1000,
        rssMib: settled.rssBytes / MEBIBYTE,
        idleMs,
      };
    } finally {
      await service.stop();
    }
  },
  budgets: (rounds) => [
    budget('main thread blocked, ms added', 40, added(rounds, 'firstMs')),
    budget('all CPU, ms added', 250, added(rounds, 'cpuMs')),
    budget('memory, MiB added', 45, added(rounds, 'rssMib')),
    budget('a process that observes nothing, ms added', 15, added(rounds, 'idleMs')),
  ],
};

import type { Attack } from '../attack.ts';

const NAMES = 200;

/** What becomes a label of a metric; twenty at a time. */
export const labels: Attack = {
  name: 'label values',
  known: [
    {
      name: 'L5 200 databases with names of 100 KB',
      run: async (target) => {
        for (let n = 0; n < NAMES; n += 10) {
          const acts = Array.from({ length: 10 }, (_, at) => ({
            act: 'query',
            type: 'SELECT',
            database: `${n + at}`.padEnd(1e5, 'x'),
          }));
          const problem = await target.act(acts);
          if (problem !== undefined) return problem;
        }
        return undefined;
      },
    },
    {
      name: 'L5 200 models with names of 100 KB',
      run: async (target) => {
        for (let n = 0; n < NAMES; n += 10) {
          const acts = Array.from({ length: 10 }, (_, at) => ({
            act: 'ai',
            model: `${n + at}`.padEnd(1e5, 'x'),
          }));
          const problem = await target.act(acts);
          if (problem !== undefined) return problem;
        }
        return undefined;
      },
    },
    {
      name: 'L5 30,000 loggers that begin alike',
      run: async (target) => {
        for (let n = 0; n < 30_000; n += 50) {
          const acts = Array.from({ length: 50 }, (_, at) => ({
            act: 'log',
            level: 'INFO',
            message: 'm',
            logger: `${'tenant-'.padEnd(64, 'x')}${n + at}`,
          }));
          const problem = await target.act(acts);
          if (problem !== undefined) return problem;
        }
        return undefined;
      },
    },
    {
      name: 'a database that is no text',
      run: (target) =>
        target.act([
          { act: 'query', database: { a: 1 }, type: 5 },
          { act: 'query' },
          { act: 'ai', model: null },
        ]),
    },
  ],
  weight: 6,
  parallel: 1,
  generate: (random) => {
    const acts = Array.from({ length: 20 }, () =>
      random.next() < 0.5
        ? { act: 'query', database: random.text(200), type: random.text(20) }
        : { act: 'ai', model: random.text(200) },
    );
    return {
      name: JSON.stringify(acts).slice(0, 200),
      inputs: acts.length,
      run: (target) => target.act(acts),
    };
  },
};

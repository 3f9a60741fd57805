import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, type Usage } from './child.ts';
import { budget, ratio, type Bench } from './harness.ts';
import { peer } from './peers.ts';
import { launchLogging, root, type Launch } from './variants.ts';
import { freshFolder } from './work-folder.ts';

const WARM_UP_CALLS = 10_000;
const CALLS = 60_000;
const FILE_ONLY = 'ours (no spool)';
const NO_LOCATION = 'ours (no code location)';

async function launchPeer(name: string): Promise<Launch> {
  const folder = freshFolder();
  return { execArgv: [], env: { BENCH_PEER: peer(name), MONITORING_LOG_DIR: folder } };
}

const isOurs = (variant: string): boolean => variant.startsWith('ours');

/** With a spool, that is with an endpoint to ship records to, unless the variant says otherwise. */
async function launchOurs(variant: string): Promise<Launch> {
  const { execArgv, env } = await launchLogging(variant !== FILE_ONLY);
  const location = variant === NO_LOCATION ? { MONITORING_LOG_CODE_LOCATION: 'false' } : {};
  return { execArgv, env: { ...env, ...location } };
}

/** Lines in the files directly in a folder. */
function countLines(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.log'),
  );
  return files.reduce(
    (sum, { name }) => sum + readFileSync(join(folder, name), 'utf8').split('\n').length - 1,
    0,
  );
}

/** CPU of the service's thread per log call with three extras; what other threads do is counted apart. */
export const logging: Bench = {
  name: 'logging',
  title: 'CPU of a log call, µs',
  unit: "µs CPU of the service's thread per log call",
  measures: { threadUs: "service's thread", cpuUs: 'all threads' },
  variants: ['ours', NO_LOCATION, FILE_ONLY, 'pino', 'winston'],
  runs: 7,
  async measure(variant) {
    const { execArgv, env } = await (isOurs(variant) ? launchOurs(variant) : launchPeer(variant));
    const program = join(import.meta.dirname, 'programs', 'logging.cjs');
    const kind = isOurs(variant) ? 'ours' : variant;
    const child = new Child(program, execArgv, { ...env, BENCH_OURS: join(root, 'dist', 'index.cjs') }, [
      kind,
    ]);
    try {
      await child.next('ready');
      await child.ask({ log: WARM_UP_CALLS }, 'logged');
      await child.settle();
      const { before, after } = await child.ask<{ before: Usage; after: Usage }>({ log: CALLS }, 'logged');
      const settled = await child.settle();
      const lines = countLines(env['MONITORING_LOG_DIR'] ?? '');
      if (lines < WARM_UP_CALLS + CALLS)
        throw new Error(`${variant} wrote ${lines} lines of ${WARM_UP_CALLS + CALLS}`);
      return {
        threadUs: (after.threadUs - before.threadUs) / CALLS,
        cpuUs: (settled.cpuUs - before.cpuUs) / CALLS,
      };
    } finally {
      await child.stop();
    }
  },
  budgets: (rounds) => [budget('log call, times pino sync', 1.2, ratio(rounds, 'threadUs', 'ours', 'pino'))],
};

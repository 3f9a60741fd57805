// Two workers of one cluster ask to lead; the primary sends what came of it to its parent.
import cluster from 'node:cluster';
import { elect } from '../../../../src/monitor/election/election.ts';

const [socketPath = '', lockName = ''] = process.argv.slice(2);

if (cluster.isPrimary) {
  const kinds: string[] = [];
  for (const worker of [cluster.fork(), cluster.fork()]) {
    worker.on('message', (kind: string) => {
      kinds.push(kind);
      if (kinds.length < 2) return;
      process.send?.(kinds);
      for (const each of Object.values(cluster.workers ?? {})) each?.process.kill('SIGKILL');
      process.disconnect();
    });
  }
} else {
  const { kind } = await elect({ socketPath, lockPath: `\0${lockName}` }, () => {});
  process.send?.(kind);
}

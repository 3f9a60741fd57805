import { type ClientCount, type Observation } from './observation.ts';
import type { Run } from './run.ts';
import { until } from '../helpers/until.ts';

/** One step of a run. They come in the order of the table, in one life of the service where the way allows it. */
export interface Scenario {
  readonly name: string;
  readonly run: (run: Run, client: ClientCount) => Promise<Observation | 'not here'>;
}

const MANY = 200;
const SOME = 60;
const WAIT_MS = 30_000;

/** How many servers listen in one life of the service: processes, and a thread. */
const serversOf = (run: Run): number => Math.max(run.way.servers, run.ports.length);

/** Waits until as many servers as there were are there, with `count` new ones that listen. */
async function replaced(run: Run, count: number, act: () => Promise<void> | void): Promise<void> {
  const before = run.servers();
  const listensBefore = run.listens();
  await act();
  const met = (): boolean => run.servers().length === before.length && run.listens() >= listensBefore + count;
  const what = (): string =>
    `${run.way.name}: ${count} new servers; ${run.servers().length} serve, ${run.listens() - listensBefore} are new`;
  await until(met, { deadlineMs: WAIT_MS, intervalMs: 50, what });
  await run.serving();
}

async function asked(
  run: Run,
  client: ClientCount,
  count: number,
  mayBeginAnew = false,
): Promise<Observation> {
  const answers = await client.ask(count);
  const sum = await client.shown(mayBeginAnew);
  return { answers, ...(sum !== undefined && { sum }), ports: run.openPorts().size, ...output(run) };
}

/** Lines of several processes come in any order. */
function output(run: Run): Pick<Observation, 'stdout' | 'stderr'> {
  const { stdout, stderr } = run.output();
  return run.way.servers > 1 || run.way.hasChild
    ? { stdout: stdout.toSorted(), stderr: stderr.toSorted() }
    : { stdout, stderr };
}

/** An end that takes long is looked at again: on a busy machine one in three may be late, not all of them. */
const ROUNDS = 3;
const FAST_MS = 150;

/** Until the monitor serves, or for a while. */
async function monitored(run: Run): Promise<void> {
  if (run.variant === 'bare') return;
  await until(() => run.leader() !== undefined, { deadlineMs: 10_000 }).catch(() => undefined);
}

async function stopped(run: Run, signal: NodeJS.Signals): Promise<Observation> {
  await monitored(run);
  if (run.way.manager === 'pm2') {
    await run.pm2('delete', 'shop');
    const ends = run.endsSeenByPm2().toSorted();
    const seen = output(run);
    await run.pm2('kill');
    await settled(run);
    // What pm2 kills at its time-out, bare and preloaded, cannot remove its files.
    const wasKilled = ends.some((end) => end.includes('SIGKILL'));
    return { ends, ...(wasKilled ? { left: run.leftProcesses() } : { leftovers: run.leftovers() }), ...seen };
  }
  const [first, ms] = await stoppedOnce(run, signal);
  let tookMs = ms;
  for (let round = 1; round < ROUNDS && tookMs > FAST_MS; round++) {
    await run.start();
    await monitored(run);
    const [, again] = await stoppedOnce(run, signal);
    tookMs = Math.min(tookMs, again);
  }
  return { ...first, tookMs };
}

async function stoppedOnce(run: Run, signal: NodeJS.Signals): Promise<readonly [Observation, number]> {
  const fromMs = performance.now();
  run.signal(signal);
  const end = await run.ended();
  const tookMs = Math.round(performance.now() - fromMs);
  await settled(run);
  return [{ ends: [end], leftovers: run.leftovers(), ...output(run) }, tookMs];
}

/** Children of an ended process end a little later; what is still there then is left behind. */
async function settled(run: Run): Promise<void> {
  await until(() => run.leftovers().length === 0, { deadlineMs: 3000, intervalMs: 50 }).catch(
    () => undefined,
  );
}

async function reload(run: Run, client: ClientCount): Promise<Observation> {
  const { way } = run;
  const isWholeService = way.servers === 1 && !way.hasChild;
  switch (way.reload) {
    case 'SIGHUP':
      await replaced(run, way.hasChild ? 1 : way.servers, () => run.signal('SIGHUP'));
      break;
    case 'pm2 reload':
      await replaced(run, way.servers, async () => void (await run.pm2('reload', 'shop')));
      break;
    case 'touch':
      await replaced(run, 1, () => run.touch());
      break;
    case 'restart':
      run.signal('SIGTERM');
      await run.ended();
      await run.start();
      break;
  }
  if (isWholeService) client.restarted();
  return asked(run, client, SOME, isWholeService);
}

async function killWorker(run: Run, client: ClientCount): Promise<Observation | 'not here'> {
  const { way } = run;
  if (way.kill === undefined) return 'not here';
  await client.shown(false);
  if (way.kill === 'SIGUSR2') await replaced(run, 1, () => run.signal('SIGUSR2'));
  else {
    const leader = run.leader();
    const victim = way.hasChild ? run.holderOf(run.childPort) : run.servers().find((pid) => pid !== leader);
    if (victim === undefined) throw new Error('no worker was found');
    await replaced(run, 1, () => void process.kill(victim, 'SIGKILL'));
  }
  return asked(run, client, SOME);
}

async function killLeader(run: Run, client: ClientCount): Promise<Observation> {
  const { way } = run;
  // The primary of a cluster may lead; killed, it would end the whole service, which bare and preloaded do alike.
  const servers = run.servers();
  const leading = run.leader();
  const worker = leading !== undefined && servers.includes(leading) ? leading : servers[0];
  const leader = way.restarts ? worker : run.holderOf(run.port);
  if (leader === undefined) throw new Error('no leader was found');
  const kill = (): void => void process.kill(leader, 'SIGKILL');
  await client.shown(way.servers === 1);
  if (way.restarts) {
    await replaced(run, 1, kill);
    if (way.servers === 1) client.restarted();
    return asked(run, client, SOME, way.servers === 1);
  }
  if (way.reload === 'touch') {
    // node --watch waits for the next change.
    await replaced(run, 1, async () => {
      kill();
      await until(() => run.output().stdout.some((line) => line.startsWith('Failed running')), {
        deadlineMs: WAIT_MS,
      });
      run.touch();
    });
    client.restarted();
    return asked(run, client, SOME, true);
  }
  kill();
  const ends = [await run.ended()];
  await until(() => run.leftProcesses() === 0, { deadlineMs: 3000 }).catch(() => undefined);
  // Files of a killed process are removed by the next one that stops.
  const seen = { ends, left: run.leftProcesses(), ...output(run) };
  await run.start();
  client.restarted();
  return seen;
}

/** In the order in which they are run. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'start',
    run: async (run) => {
      await until(() => run.listens() >= serversOf(run), { deadlineMs: WAIT_MS });
      await monitored(run);
      return { ...output(run), complaints: run.complaints(), ports: run.openPorts().size };
    },
  },
  { name: 'scrape', run: (run, client) => asked(run, client, MANY) },
  { name: 'reload', run: reload },
  { name: 'worker killed', run: killWorker },
  { name: 'leader killed', run: killLeader },
  { name: 'stop', run: (run) => stopped(run, 'SIGTERM') },
];

/** Run by itself, with a program that closes on SIGTERM. */
export const collectorAway: Scenario = {
  name: 'collector away',
  run: async (run, client) => {
    const answers = await client.ask(SOME);
    return { answers, ...(await stopped(run, 'SIGTERM')) };
  },
};

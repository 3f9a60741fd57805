import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { addressOf, freeAddresses, type Addresses } from '../../scripts/stack/addresses.ts';
import { composeEnvironment, startComposeStack } from '../../scripts/stack/compose-stack.ts';
import type { ServiceName } from '../../scripts/stack/services.ts';
import { atEnd } from '../helpers/stack/at-end.ts';
import { startEngine, unlessEngine, type TestEngine } from '../helpers/stack/engine.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { buildImages, unlessImages } from '../helpers/stack/images.ts';
import { queryPrometheus } from '../helpers/stack/prometheus.ts';
import { temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';
import { countLogs, queryLogs } from '../helpers/stack/victoria-logs.ts';

/** All of docker-compose.yml but Loki and Grafana, whose images cannot be made here. */
const SERVICES = [
  'mailpit',
  'alertmanager',
  'prometheus',
  'victorialogs',
  'otelcol',
  'demo',
] as const satisfies readonly ServiceName[];
const PROJECT = 'monitoring-test';
const CUT_S = Number(process.env['STACK_CUT_S'] ?? 10);
const ALL = '{"service.name"="shop"}';

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly User: string; readonly Healthcheck?: object };
  readonly State: { readonly ExitCode: number; readonly Health?: { readonly Status: string } };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[];
    readonly Memory: number;
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>>;
  };
}

/** The stack in containers, and what the test does to them. */
interface Containers {
  readonly addresses: Addresses;
  url(service: ServiceName, port: number): string;
  docker(...args: readonly string[]): string;
  compose(...args: readonly string[]): void;
  /** Its id: the names that the two composes give differ. */
  container(service: string): string;
  inspect(service: string): Inspected;
}

async function startContainers(context: TestContext, engine: TestEngine): Promise<Containers> {
  const addresses = await freeAddresses();
  const env = { ...process.env, ...engine.env, COMPOSE_PROJECT_NAME: PROJECT };
  const stack = await startComposeStack({
    engine: engine.compose,
    services: SERVICES,
    addresses,
    env: { ...env, STACK_METRICS: 'otlp' },
    fresh: true,
    signal: new AbortController().signal,
  });
  atEnd(context, async () => stack.stop());

  function run(program: string, args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      cwd: join(import.meta.dirname, '..', '..'),
      env: { ...env, ...composeEnvironment(SERVICES, addresses) },
    });
    assert.equal(status, 0, `${program} ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  }

  function container(service: string): string {
    const labels = [`project=${PROJECT}`, `service=${service}`];
    const filters = labels.map((label) => `--filter=label=com.docker.compose.${label}`);
    return run('docker', ['ps', '--all', '--quiet', ...filters]).trim();
  }

  const [program, ...first] = engine.compose.command;
  return {
    addresses,
    url: (service, port) => `http://${addressOf(addresses, service, port)}`,
    docker: (...args) => run('docker', args),
    compose: (...args) => void run(program, [...first, ...args]),
    container,
    inspect: (service) =>
      (JSON.parse(run('docker', ['inspect', container(service)])) as Inspected[])[0] as Inspected,
  };
}

function assertHardened({ Name, Config, State, HostConfig }: Inspected): void {
  assert.match(Config.User, /^[1-9]\d*:\d+$/, Name);
  assert.equal(HostConfig.ReadonlyRootfs, true, Name);
  assert.deepEqual(HostConfig.CapDrop, ['ALL'], Name);
  assert.ok(HostConfig.Memory > 0, Name);
  for (const [binding] of Object.values(HostConfig.PortBindings))
    assert.equal(binding?.HostIp, '127.0.0.1', Name);
  if (Config.Healthcheck) assert.equal(State.Health?.Status, 'healthy', Name);
}

/** Lines in the daily files of the shop's loggers, copied out of its volume: what its log calls have written. */
function loggedLines(containers: Containers, folder: string): number {
  containers.docker('cp', `${containers.container('demo')}:/data/logs`, folder);
  const logs = join(folder, 'logs');
  return readdirSync(logs)
    .filter((name) => name.endsWith('.log'))
    .reduce((sum, name) => sum + readFileSync(join(logs, name), 'utf8').split('\n').length - 1, 0);
}

test(
  'our docker-compose.yml on a real engine: hardened, healthy, and nothing lost by a restart, a cut network and a stop',
  { skip: unlessEngine() || unlessImages() || unlessBuilt(SERVICES.filter((name) => name !== 'demo')) },
  async (context) => {
    const engine = await startEngine();
    atEnd(context, async () => engine.stop());
    buildImages(engine.env);
    const containers = await startContainers(context, engine);
    const database = containers.url('victorialogs', 9428);
    const records = async (): Promise<number> => countLogs(database, `${ALL} | stats count() n`);

    async function moreThan(count: number): Promise<number> {
      return eventually(async () => {
        const now = await records();
        assert.ok(now > count, `${now} records`);
        return now;
      }, 60_000);
    }

    await context.test(
      'every container is hardened as the file says, and those that can say so are healthy',
      async () => {
        await eventually(async () => {
          for (const name of SERVICES) assertHardened(containers.inspect(name));
        }, 60_000);
      },
    );

    await context.test(
      'records of the preloaded shop are in the log database, its metrics in Prometheus',
      async () => {
        await moreThan(50);
        await eventually(async () => {
          const [sample] = await queryPrometheus(
            containers.url('prometheus', 9090),
            'sum(http_requests_total{job="shop",endpoint="/api/products/:productId"})',
          );
          assert.ok((sample?.value ?? 0) > 0, 'requests are counted');
        }, 60_000);
      },
    );

    await context.test('what waits in the queue of the collector outlives its restart', async () => {
      containers.compose('stop', 'victorialogs');
      await delay(5000);
      containers.compose('restart', 'otelcol');
      containers.compose('start', 'victorialogs');
      await moreThan(await eventually(records, 60_000));
    });

    await context.test(
      `the network between shop and collector is cut for ${CUT_S} s and comes back`,
      async () => {
        containers.docker('network', 'disconnect', `${PROJECT}_default`, containers.container('demo'));
        await delay(CUT_S * 1000);
        containers.docker(
          'network',
          'connect',
          '--alias',
          'demo',
          `${PROJECT}_default`,
          containers.container('demo'),
        );
        await moreThan(await records());
      },
    );

    await context.test(
      'stopped, the shop ends by SIGTERM well within its time, and all that it logged has arrived',
      async () => {
        const startedMs = performance.now();
        containers.compose('stop', 'demo');
        const tookMs = performance.now() - startedMs;
        assert.ok(tookMs < 10_000, `stopping took ${Math.round(tookMs)} ms`);
        // 128 + 15; SIGKILL after the grace period would be 137.
        assert.equal(containers.inspect('demo').State.ExitCode, 143);
        const logged = loggedLines(containers, temporaryFolder(context));
        assert.ok(logged > 100, `${logged} records were logged`);
        const uids = `${ALL} | stats count_uniq(log.record.uid) n`;
        await eventually(async () => assert.equal(await countLogs(database, uids), logged), 30_000);
        const repeated = (await records()) - logged;
        context.diagnostic(`${logged} records, ${repeated} of them were delivered once more`);
        const [twice] = await queryLogs(database, `${ALL} | stats count_uniq(log.record.uid, _time) n`);
        assert.equal(Number(twice?.['n']), logged, 'one time for each record');
      },
    );
  },
);

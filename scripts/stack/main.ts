// `npm run stack`: the local stack on this machine, in containers or as native programs, until Ctrl-C.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { addressOf, freeAddresses, publishedAddresses, type Addresses } from './addresses.ts';
import { findEngine } from './compose-engine.ts';
import { readComposeServices } from './compose-file.ts';
import { startComposeStack } from './compose-stack.ts';
import { nativeServices, startNativeStack } from './native-stack.ts';
import { readOptions, stackEnvironment, usage, type StackOptions } from './options.ts';
import { stackFolder } from './programs.ts';
import { stackService, type ServiceName } from './services.ts';

interface Running {
  stop(): Promise<void>;
}

interface Start {
  readonly options: StackOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly addresses: Addresses;
  readonly signal: AbortSignal;
}

function printAddresses(services: readonly ServiceName[], addresses: Addresses, env: Start['env']): void {
  const rows = services.flatMap((name) =>
    stackService(name).shown.map(({ what, port, scheme, path = '' }) => [
      what,
      `${scheme}://${addressOf(addresses, name, port)}${path}`,
    ]),
  );
  const wide = Math.max(...rows.map(([what]) => what?.length ?? 0));
  console.log();
  for (const [what = '', url] of rows) console.log(`  ${what.padEnd(wide)}  ${url}`);
  const token = env['OTLP_ACCESS'] === 'token';
  console.log(`
  To send from your own service:

    OTEL_EXPORTER_OTLP_ENDPOINT=http://${addressOf(addresses, 'otelcol', 4318)} \\
${token ? '    OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20$OTLP_TOKEN" \\\n' : ''}    node --require @geometra/monitoring/register app.js

  Ctrl-C stops the stack.
`);
}

async function startContainers(
  start: Start,
  engine: NonNullable<ReturnType<typeof findEngine>>,
): Promise<Running> {
  const { options, addresses, env, signal } = start;
  const services: readonly ServiceName[] = [
    'mailpit',
    'alertmanager',
    'prometheus',
    options.logs === 'victorialogs' ? 'victorialogs' : 'loki',
    'otelcol',
    'grafana',
    ...(options.demo ? (['demo'] as const) : []),
  ];
  console.log(`starting containers with \`${engine.command.join(' ')}\``);
  const stack = await startComposeStack({ engine, services, addresses, env, fresh: options.fresh, signal });
  printAddresses(services, addresses, env);
  return stack;
}

async function startPrograms({ options, addresses, env }: Start): Promise<Running> {
  const lokiUrl = env['LOKI_URL'];
  if (options.logs === 'loki' && lokiUrl === undefined)
    throw new Error('--logs loki: set LOKI_URL to the address of a running Loki, or use containers');
  const folder = options.fresh ? mkdtempSync(join(tmpdir(), 'geometra-stack-')) : join(stackFolder, 'run');
  console.log(`starting native programs; data and logs in ${relative(process.cwd(), folder)}`);
  const stack = await startNativeStack({ folder, addresses, env, lokiUrl });
  printAddresses(
    nativeServices.filter((name) => stack.processes.has(name)),
    addresses,
    env,
  );
  return {
    async stop() {
      await stack.stop();
      if (options.fresh) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startStack(start: Start): Promise<Running> {
  const { options } = start;
  const engine = options.how === 'native' ? undefined : findEngine();
  if (engine) return startContainers(start, engine);
  if (options.how === 'compose' || options.demo)
    throw new Error('no container engine is running (`docker info`), or compose is not installed');
  return startPrograms(start);
}

/** Runs the stack until it is interrupted and answers the exit code. */
async function run(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(usage);
    return 0;
  }
  const env = stackEnvironment(process.env);
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    interruption.signal.addEventListener('abort', () => resolve());
  });
  // Only the first one counts: stopping takes as long as the programs need to write their data.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort());
  const addresses =
    options.ports === 'free' ? await freeAddresses() : publishedAddresses(readComposeServices(env));
  const stack = await startStack({ options, env, addresses, signal: interruption.signal });
  // Keeps the process alive.
  const alive = setInterval(() => undefined, 60_000);
  await interrupted;
  clearInterval(alive);
  console.log('stopping the stack');
  await stack.stop();
  return 0;
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(`Cannot start the stack: ${(error as Error).message}`);
  process.exitCode = 1;
}

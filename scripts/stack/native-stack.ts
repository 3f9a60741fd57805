import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, isTaken, type Addresses } from './addresses.ts';
import { readComposeServices } from './compose-file.ts';
import { nativeSpec, type EditConfiguration } from './native-spec.ts';
import { programProcess, type ProgramProcess } from './program-process.ts';
import { programs, type ProgramName } from './programs.ts';
import { serviceNames, stackService, type ServiceName } from './services.ts';
import { isBuilt } from './stamp.ts';
import { startGuardian } from './start-guardian.ts';

export interface NativeStackOptions {
  /** Which services; default: all that have a program. */
  readonly services?: readonly ServiceName[];
  /** Folder of configuration, data and logs of this run. */
  readonly folder: string;
  readonly addresses: Addresses;
  /** The variables of docker-compose.yml. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** URL of an existing Loki to use instead of VictoriaLogs. */
  readonly lokiUrl?: string | undefined;
  readonly edit?: EditConfiguration;
}

/** The programs of the local stack as processes of this machine. */
export interface NativeStack {
  readonly addresses: Addresses;
  readonly processes: ReadonlyMap<ServiceName, ProgramProcess>;
  process(name: ServiceName): ProgramProcess;
  url(name: ServiceName, port: number, path?: string): string;
  /** Stops all of them, the collector first, so that it can flush. */
  stop(): Promise<void>;
}

/** The services that can run here without a container. */
export const nativeServices = serviceNames.filter((name) => stackService(name).program !== undefined);

/** The programs that the services need and that are not built, or outdated. */
export function missingPrograms(services: readonly ServiceName[]): readonly ProgramName[] {
  return services
    .map((name) => stackService(name).program)
    .filter((program) => program !== undefined)
    .filter((program) => !isBuilt(program));
}

/** A message about missing programs. */
export function sayMissing(missing: readonly ProgramName[]): string {
  const named = missing.map((name) => `${name} ${programs[name].version}`).join(', ');
  return `not built: ${named}; run \`npm run stack:install -- ${missing.join(' ')}\``;
}

function logsEndpoint(addresses: Addresses, lokiUrl: string | undefined): string {
  if (lokiUrl !== undefined) return `${lokiUrl.replace(/\/+$/, '')}/otlp/v1/logs`;
  return `http://${addressOf(addresses, 'victorialogs', 9428)}/insert/opentelemetry/v1/logs`;
}

async function checkAddresses(services: readonly ServiceName[], addresses: Addresses): Promise<void> {
  for (const name of services) {
    for (const { port } of stackService(name).listeners) {
      const address = addressOf(addresses, name, port);
      if (await isTaken(address)) {
        throw new Error(
          `${name}: ${address} is already in use; stop the process there, or use \`-- --ports free\``,
        );
      }
    }
  }
}

/**
 * Starts the programs with the configuration of docker-compose.yml and resolves when all are ready. Rejects, with
 * nothing left running, if a program is missing, a port is in use or a program exits.
 */
export async function startNativeStack(options: NativeStackOptions): Promise<NativeStack> {
  const { folder, addresses, lokiUrl } = options;
  const services = (options.services ?? nativeServices).filter(
    (name) => name !== 'victorialogs' || lokiUrl === undefined,
  );
  const missing = missingPrograms(services);
  if (missing.length > 0) throw new Error(sayMissing(missing));
  await checkAddresses(services, addresses);
  const configuration = join(folder, 'configuration');
  rmSync(configuration, { recursive: true, force: true });
  mkdirSync(configuration, { recursive: true });
  const folders = { configuration, data: join(folder, 'data'), logs: join(folder, 'logs') };
  const composed = readComposeServices({
    ...options.env,
    LOGS_ENDPOINT: options.env?.['LOGS_ENDPOINT'] ?? logsEndpoint(addresses, lokiUrl),
  });
  const edit: EditConfiguration = options.edit ?? ((_, text) => text);
  const guardian = startGuardian();
  const processes = new Map<ServiceName, ProgramProcess>();
  for (const name of services) {
    const service = composed[name];
    if (!service) throw new Error(`docker-compose.yml has no service ${name}`);
    processes.set(name, programProcess(nativeSpec(name, service, addresses, folders, edit), guardian));
  }

  async function stop(): Promise<void> {
    await processes.get('otelcol')?.stop();
    await Promise.all([...processes.values()].map(async (running) => running.stop()));
    await guardian.close();
  }

  try {
    await Promise.all([...processes.values()].map(async (program) => program.start()));
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    addresses,
    processes,
    process(name) {
      const found = processes.get(name);
      if (!found) throw new Error(`${name} is not part of this stack`);
      return found;
    },
    url: (name, port, path = '') => `http://${addressOf(addresses, name, port)}${path}`,
    stop,
  };
}

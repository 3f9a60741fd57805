import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readSettings } from '../../config/read-settings.ts';
import { resourceOf } from '../../config/service-identity.ts';
import { VERSION } from '../../config/version.ts';
import { problem } from '../../errors.ts';
import { logOnce } from '../../own-log/stderr.ts';
import {
  isTracingRegistered,
  onOtherSdk,
  unregisterTracing,
} from '../../sources/opentelemetry/registration.ts';
import { processId } from '../process-id.ts';
import { switchTracers } from './switched-tracers.ts';
import { traceRequests } from './request-spans.ts';

/** Traces of the service, where they were asked for. */
export interface Traces {
  /** Exports what is left, and ends. Never rejects. */
  shutdown(): Promise<void>;
}

interface Sdk {
  start(): void;
  shutdown(): Promise<void>;
}

interface Instrumentation {
  disable(): void;
}

/** What is used of the service's packages, of OpenTelemetry 1.x, 2.x and 3.x. */
interface ServicePackages {
  readonly api: typeof import('@opentelemetry/api');
  readonly sdkNode: { readonly NodeSDK: new (configuration: object) => Sdk };
  readonly resources: {
    readonly resourceFromAttributes?: (attributes: object) => object;
    readonly Resource?: new (attributes: object) => object;
  };
  /** Undefined where it is not installed. */
  readonly auto: { readonly getNodeAutoInstrumentations: () => readonly Instrumentation[] } | undefined;
}

export interface TracesOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The service's main file; undefined for `node -e`. */
  readonly program: string | undefined;
  readonly cwd: string;
  readonly hostname: string;
  readonly readFile: (path: string) => string;
}

/** These would start metrics and logs of the SDK in addition to ours. */
const ONLY_TRACES = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };

/** From the folder of the program, else from the one that the process runs in. Throws where the SDK is not installed. */
function packagesOf(program: string | undefined, cwd: string): ServicePackages {
  const inFolder = createRequire(join(cwd, 'service.js'));
  let service = program === undefined ? inFolder : createRequire(program);
  let file: string;
  try {
    file = service.resolve('@opentelemetry/sdk-node');
  } catch {
    service = inFolder;
    file = service.resolve('@opentelemetry/sdk-node');
  }
  const sdk = createRequire(file);
  let auto: ServicePackages['auto'];
  try {
    auto = service('@opentelemetry/auto-instrumentations-node') as ServicePackages['auto'];
  } catch {
    // Not installed.
  }
  return {
    auto,
    sdkNode: sdk('@opentelemetry/sdk-node') as ServicePackages['sdkNode'],
    api: sdk('@opentelemetry/api') as ServicePackages['api'],
    resources: sdk('@opentelemetry/resources') as ServicePackages['resources'],
  };
}

function withEnv<T>(env: NodeJS.ProcessEnv, changes: Readonly<Record<string, string>>, work: () => T): T {
  const before = Object.keys(changes).map((name) => [name, env[name]] as const);
  Object.assign(env, changes);
  try {
    return work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
  }
}

function start(packages: ServicePackages, resource: object, env: NodeJS.ProcessEnv): Traces {
  const { api, sdkNode, auto, resources } = packages;
  const instrumentations = auto?.getNodeAutoInstrumentations() ?? [];
  const sdk = withEnv(env, ONLY_TRACES, () => {
    const made = new sdkNode.NodeSDK({
      resource:
        resources.resourceFromAttributes?.(resource) ??
        (resources.Resource && new resources.Resource(resource)),
      autoDetectResources: false,
      instrumentations,
    });
    made.start();
    return made;
  });
  const switchOver = switchTracers(api);
  const stopRequests = auto ? undefined : traceRequests(api);
  onOtherSdk(() => {
    for (const instrumentation of instrumentations) instrumentation.disable();
    stopRequests?.();
    switchOver();
    unregisterTracing();
    api.context.disable();
    api.propagation.disable();
    sdk.shutdown().catch(() => {});
  });
  return { shutdown: () => sdk.shutdown().catch(() => {}) };
}

/**
 * Starts the service's own installed `@opentelemetry/sdk-node` for traces, with its `auto-instrumentations-node` if that is
 * installed, else with spans of the requests that it serves; before the program, so that instrumentations find its
 * modules not yet loaded. It reads the standard `OTEL_*` variables itself. An SDK that the service starts later
 * replaces it. Loading all that costs 300 to 500 ms; it is no dependency of ours, since most never use it.
 */
export function startTraces({ env, program, cwd, hostname, readFile }: TracesOptions): Traces | undefined {
  const where = 'OTEL_TRACES_EXPORTER';
  const { settings } = readSettings(env, readFile);
  if (settings.tracesExporters.every((exporter) => exporter === 'none')) return undefined;
  // An SDK that was preloaded before us reads the same variable.
  if (isTracingRegistered()) return undefined;
  try {
    const facts = { program, cwd, hostname, pid: process.pid, processId, version: VERSION, readFile };
    return start(packagesOf(program, cwd), resourceOf(settings, facts), env);
  } catch (error) {
    const [got = ''] = String((error as Error).message).split('\n');
    logOnce(problem('MON_TRACES_SDK', { where, got }));
    return undefined;
  }
}

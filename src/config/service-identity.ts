import { packagesAbove } from './packages-above.ts';
import type { Settings } from './read-settings.ts';

/** Name and version in the package.json nearest to the program, if there is one. */
interface PackageIdentity {
  readonly name?: string;
  readonly version?: string;
}

type ReadFile = (path: string) => string;

function nearestPackage(folder: string, readFile: ReadFile): PackageIdentity | undefined {
  for (const { name, version } of packagesAbove(folder, readFile)) {
    if (typeof name === 'string') return { name, ...(typeof version === 'string' && { version }) };
  }
  return undefined;
}

/**
 * The package that the service is: that of its program. A program out of node_modules (`next start`) serves the project
 * that it was started in, else the one that it is installed in; its own package only counts where there is neither.
 */
function packageOf({ program, cwd, readFile }: ProcessFacts): PackageIdentity {
  if (program === undefined) return {};
  const installed = /[\\/]node_modules[\\/]/.exec(program);
  const folders = installed ? [cwd, program.slice(0, installed.index), program] : [program];
  for (const folder of folders) {
    const found = nearestPackage(folder, readFile);
    if (found) return found;
  }
  return {};
}

/** What is known of the process from outside the environment. */
export interface ProcessFacts {
  /** The service's main file, as `mainProgram` finds it. */
  readonly program: string | undefined;
  readonly cwd: string;
  readonly hostname: string;
  readonly pid: number;
  readonly processId: string;
  readonly version: string;
  readonly readFile: ReadFile;
}

/**
 * The OpenTelemetry resource of the service. Only attributes that distinguish services and instances: command lines,
 * paths and users may hold secrets and are left out.
 */
export function resourceOf(settings: Settings, facts: ProcessFacts): Record<string, string> {
  const given = settings.resourceAttributes ?? {};
  const found = packageOf(facts);
  const version = given['service.version'] ?? found.version;
  return {
    'host.name': facts.hostname,
    'service.instance.id': facts.processId,
    'process.pid': String(facts.pid),
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.distro.name': '@geometra/monitoring',
    'telemetry.distro.version': facts.version,
    ...given,
    ...(version !== undefined && { 'service.version': version }),
    'service.name': settings.serviceName ?? given['service.name'] ?? found.name ?? 'unknown_service:node',
  };
}

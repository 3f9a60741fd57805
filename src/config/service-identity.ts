import { dirname } from 'node:path';
import { packagesAbove } from './packages-above.ts';
import type { Settings } from './read-settings.ts';

/** Name and version in the package.json nearest to the program, if there is one. */
interface PackageIdentity {
  readonly name?: string;
  readonly version?: string;
}

type ReadFile = (path: string) => string;

function nearestPackage(program: string | undefined, readFile: ReadFile): PackageIdentity {
  if (program === undefined) return {};
  for (const found of packagesAbove(dirname(program), readFile)) {
    const { name, version } = found;
    if (typeof name === 'string') return { name, ...(typeof version === 'string' && { version }) };
  }
  return {};
}

/** What is known of the process from outside the environment. */
export interface ProcessFacts {
  /** `process.argv[1]`. */
  readonly program: string | undefined;
  readonly hostname: string;
  readonly pid: number;
  readonly processId: string;
  readonly version: string;
  readonly readFile: ReadFile;
}

/**
 * The OpenTelemetry resource of the service. Only what helps to tell services and instances apart: command lines,
 * paths and users may hold secrets and are left out.
 */
export function resourceOf(settings: Settings, facts: ProcessFacts): Record<string, string> {
  const given = settings.resourceAttributes ?? {};
  const found = nearestPackage(facts.program, facts.readFile);
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

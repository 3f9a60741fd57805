import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from './programs.ts';

/** A folder or file of ours (`./…`, relative to the repository) or a named volume, and where the service sees it. */
export interface Mount {
  readonly kind: 'ours' | 'volume';
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface Port {
  readonly address: string;
  readonly published: number;
  readonly inside: number;
}

/** What of a service in docker-compose.yml also holds where it runs without a container. */
export interface ComposeService {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly ports: readonly Port[];
  readonly profiles: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

interface RawService {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
}

export const composePath = join(repository, 'docker-compose.yml');

/** Replaces `${NAME}` and `${NAME:-default}` as compose does; an empty variable counts as not set. */
export function interpolate(text: string, env: Environment): string {
  return text.replaceAll(
    /\$\{(\w+)(?::-([^}]*))?\}/g,
    (_, name: string, fallback?: string) => env[name] || (fallback ?? ''),
  );
}

function readMount(text: string): Mount {
  const [source = '', target = '', mode] = text.split(':');
  return { kind: source.startsWith('.') ? 'ours' : 'volume', source, target, readOnly: mode === 'ro' };
}

function readPort(text: string): Port {
  const [, address = '', published, inside] = /^(?:(.*):)?(\d+):(\d+)$/.exec(text) ?? [];
  return { address, published: Number(published), inside: Number(inside) };
}

function readService(raw: RawService): ComposeService {
  const environment = Object.entries(raw.environment ?? {});
  return {
    image: raw.image ?? '',
    command: raw.command ?? [],
    environment: Object.fromEntries(environment.map(([name, value]) => [name, String(value ?? '')])),
    mounts: (raw.volumes ?? []).map(readMount),
    ports: (raw.ports ?? []).map(readPort),
    profiles: raw.profiles ?? [],
  };
}

/** The services of our docker-compose.yml with the variables of `env` filled in, by name. */
export function readComposeServices(env: Environment): Readonly<Record<string, ComposeService>> {
  const text = interpolate(readFileSync(composePath, 'utf8'), env);
  const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, RawService>> };
  return Object.fromEntries(Object.entries(services).map(([name, raw]) => [name, readService(raw)]));
}

/** Which variable of docker-compose.yml sets the published port of a service: `otelcol:4318` → `OTLP_PORT`. */
export function portVariables(): ReadonlyMap<string, string> {
  const { services } = parse(readFileSync(composePath, 'utf8'), { merge: true }) as {
    services: Readonly<Record<string, RawService>>;
  };
  const found = Object.entries(services).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => {
      const [, variable = '', inside = ''] = /\$\{(\w+):-\d+\}:(\d+)$/.exec(port) ?? [];
      return [`${name}:${inside}`, variable] as const;
    }),
  );
  return new Map(found);
}

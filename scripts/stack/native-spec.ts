import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { addressOf, translateAddresses, type Addresses } from './addresses.ts';
import type { ComposeService, Mount } from './compose-file.ts';
import { programPath, repository } from './programs.ts';
import type { ProgramSpec } from './program-process.ts';
import { stackService, type ServiceName } from './services.ts';

export interface NativeFolders {
  /** Configuration as the services see it; rewritten at each start. */
  readonly configuration: string;
  /** Replaces the named volumes of the containers. */
  readonly data: string;
  readonly logs: string;
}

/** Changes a configuration file before a service reads it; for tests. */
export type EditConfiguration = (path: string, text: string) => string;

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** Where a mounted path lies here. */
function hostPath(mount: Mount, folders: NativeFolders): string {
  if (mount.kind === 'volume') return join(folders.data, mount.source);
  return join(folders.configuration, mount.target);
}

/** Replaces the paths of a container in an argument by those here, longest first. */
function translatePaths(text: string, mounts: readonly Mount[], folders: NativeFolders): string {
  const longestFirst = [...mounts].sort((one, other) => other.target.length - one.target.length);
  return longestFirst.reduce((result, mount) => {
    const pattern = new RegExp(`(?<![\\w./-])${escapeRegExp(mount.target)}(?![\\w.-])`, 'g');
    return result.replaceAll(pattern, hostPath(mount, folders));
  }, text);
}

function writeConfiguration(mount: Mount, folders: NativeFolders, translate: EditConfiguration): void {
  const source = join(repository, mount.source);
  const target = hostPath(mount, folders);
  if (!existsSync(source)) throw new Error(`docker-compose.yml mounts ${mount.source}, which is not there`);
  mkdirSync(join(target, '..'), { recursive: true });
  cpSync(source, target, { recursive: true });
  const files = statSync(source).isDirectory()
    ? readdirSync(source, { recursive: true, encoding: 'utf8' })
    : [''];
  for (const file of files.filter((name) => statSync(join(source, name)).isFile())) {
    const text = readFileSync(join(source, file), 'utf8');
    writeFileSync(join(target, file), translate(posix.join(mount.target, file), text));
  }
}

/**
 * How a service of docker-compose.yml runs without a container: its command, variables and configuration files
 * with local paths and addresses instead of those of the containers, and listening on loopback only.
 */
export function nativeSpec(
  name: ServiceName,
  service: ComposeService,
  addresses: Addresses,
  folders: NativeFolders,
  edit: EditConfiguration,
): ProgramSpec {
  const { program, listeners, health } = stackService(name);
  if (program === undefined) throw new Error(`${name} runs in a container only`);
  for (const mount of service.mounts) {
    if (mount.kind === 'volume') mkdirSync(hostPath(mount, folders), { recursive: true });
    else {
      writeConfiguration(mount, folders, (path, text) => edit(path, translateAddresses(text, addresses)));
    }
  }
  const temporary = join(folders.data, 'tmp', name);
  mkdirSync(temporary, { recursive: true });
  const translate = (text: string): string =>
    translateAddresses(translatePaths(text, service.mounts, folders), addresses);
  const listening = listeners.map((listener) => {
    const address = addressOf(addresses, name, listener.port);
    return { args: listener.args?.(address) ?? [], env: listener.env?.(address) ?? {} };
  });
  const environment = Object.entries(service.environment).map(([key, value]) => [key, translate(value)]);
  return {
    name,
    path: programPath(program),
    args: [...service.command.map(translate), ...listening.flatMap(({ args }) => args)],
    env: {
      TMPDIR: temporary,
      ...(Object.fromEntries(environment) as Record<string, string>),
      ...(Object.assign({}, ...listening.map(({ env }) => env)) as Record<string, string>),
    },
    cwd: temporary,
    logPath: join(folders.logs, `${name}.log`),
    healthUrl: `http://${addressOf(addresses, name, health.port)}${health.path}`,
  };
}

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../helpers/until.ts';

export type ServerName = 'postgres' | 'mariadb' | 'redis' | 'ferretdb';

/** A real server on the loopback, or why there is none here. */
export type Server =
  | { readonly kind: 'running'; readonly env: Readonly<Record<string, string>>; stop(): Promise<void> }
  | { readonly kind: 'missing'; readonly why: string };

const START_MS = 30_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Servers that refuse to run as root get a user of their own where there is one. */
function userOf(name: string): number | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { status, stdout } = spawnSync('id', ['-u', name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

interface Plan {
  readonly program: string;
  args(folder: string, port: number): readonly string[];
  readonly user?: string;
  /** Makes the data folder. */
  prepare?(folder: string, run: (program: string, args: readonly string[]) => void): void;
  env(port: number): Readonly<Record<string, string>>;
}

const firstOf = (paths: readonly string[]): string => paths.find((path) => existsSync(path)) ?? '';

const plans: Readonly<Record<ServerName, Plan>> = {
  postgres: {
    program: firstOf(['17', '16', '15'].map((version) => `/usr/lib/postgresql/${version}/bin/postgres`)),
    user: 'postgres',
    prepare(folder, run) {
      run(join(plans.postgres.program, '..', 'initdb'), [
        '-D',
        join(folder, 'data'),
        '-U',
        'shop',
        '-A',
        'trust',
        '--no-sync',
      ]);
    },
    args: (folder, port) => [
      '-D',
      join(folder, 'data'),
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-k',
      folder,
      '-F',
    ],
    env: (port) => ({ PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'shop', PGDATABASE: 'postgres' }),
  },
  mariadb: {
    program: firstOf(['/usr/sbin/mariadbd']),
    user: 'mysql',
    prepare(folder, run) {
      run('/usr/bin/mariadb-install-db', [
        `--datadir=${join(folder, 'data')}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ]);
    },
    args: (folder, port) => [
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      `--socket=${join(folder, 'socket')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
    ],
    env: (port) => ({ MYSQL_PORT: String(port) }),
  },
  redis: {
    program: firstOf(['/usr/bin/redis-server', '/usr/local/bin/redis-server']),
    args: (folder, port) => ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    env: (port) => ({ REDIS_PORT: String(port) }),
  },
  ferretdb: {
    program: firstOf([process.env['FERRETDB'] ?? '', join(import.meta.dirname, '../../.stack/bin/ferretdb')]),
    args: (folder, port) => [`127.0.0.1:${port}`, folder],
    env: (port) => ({ MONGO_PORT: String(port) }),
  },
};

/** Starts one of the servers in a folder of its own. */
export async function startServer(name: ServerName): Promise<Server> {
  const plan = plans[name];
  if (plan.program === '') return { kind: 'missing', why: `${name} is not installed` };
  const uid = plan.user === undefined ? undefined : userOf(plan.user);
  const folder = mkdtempSync(join(tmpdir(), `matrix-${name}-`));
  if (uid !== undefined) chownSync(folder, uid, uid);
  const as = { cwd: folder, stdio: 'ignore', ...(uid !== undefined && { uid, gid: uid }) } as const;
  plan.prepare?.(folder, (program, args) => {
    const { status, error } = spawnSync(program, args, as);
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${String(error)}`);
  });
  const port = await freePort();
  const child = spawn(plan.program, plan.args(folder, port), as);
  await until(() => accepts(port), {
    deadlineMs: START_MS,
    intervalMs: 50,
    what: `${name} accepts connections`,
  });
  return {
    kind: 'running',
    env: plan.env(port),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

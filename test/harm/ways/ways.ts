import { join } from 'node:path';
import type { Way } from './way.ts';

/** Where pm2 and tsx are installed. */
export const TOOLS = join(import.meta.dirname, '..', 'tools');
const bin = (path: string): string => join(TOOLS, 'node_modules', path);
export const PM2 = bin('pm2/bin/pm2');

const node = process.execPath;
const single = {
  manager: 'none',
  signalsGroup: false,
  hasChild: false,
  servers: 1,
  restarts: false,
  reload: 'restart',
  kill: undefined,
} as const;
const withChild = { ...single, hasChild: true, servers: 2, reload: 'SIGHUP', kill: 'follower' } as const;

/** One row per way. */
export const ways: readonly Way[] = [
  {
    ...single,
    name: 'pm2 fork',
    command: ['start', 'single.cjs', '--name', 'shop'],
    manager: 'pm2',
    restarts: true,
    reload: 'pm2 reload',
  },
  {
    ...single,
    name: 'pm2 cluster x4',
    command: ['start', 'single.cjs', '--name', 'shop', '-i', '4'],
    manager: 'pm2',
    servers: 4,
    restarts: true,
    reload: 'pm2 reload',
    kill: 'follower',
  },
  {
    ...single,
    name: 'cluster x4',
    command: [node, 'cluster.cjs'],
    servers: 4,
    restarts: true,
    reload: 'SIGHUP',
    kill: 'follower',
  },
  { ...withChild, name: 'fork', command: [node, 'parent.cjs', 'fork'] },
  { ...withChild, name: 'spawn', command: [node, 'parent.cjs', 'spawn'] },
  { ...withChild, name: 'worker', command: [node, 'threads.cjs'], servers: 1, kill: 'SIGUSR2' },
  { ...single, name: 'npm run', command: ['npm', 'run', '--silent', 'start'], signalsGroup: true },
  { ...single, name: 'node --watch', command: [node, '--watch', 'single.cjs'], reload: 'touch' },
  { ...single, name: 'tsx', command: [node, bin('tsx/dist/cli.mjs'), 'single.ts'] },
];

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Environment variable that every process of one run inherits, whoever starts it. */
export const MARKER = 'HARM_RUN';

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // ended meanwhile
  }
}

/** The environment that a process was started with. */
export const environmentOf = (pid: number): readonly string[] => read(`/proc/${pid}/environ`).split('\0');

/** Processes that carry this marker, zombies aside. */
export function processesOf(marker: string): readonly number[] {
  const entry = `${MARKER}=${marker}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(Number(pid)).includes(entry))
    .filter((pid) => !/^State:\s+Z/m.test(read(`/proc/${pid}/status`)))
    .map(Number);
}

/** The TCP ports that each of these processes listens on. */
export function listening(pids: readonly number[]): ReadonlyMap<number, ReadonlySet<number>> {
  const portOf = new Map<string, number>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of read(table).split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state === '0A') portOf.set(inode, Number.parseInt(local.split(':')[1] ?? '', 16));
    }
  }
  const found = new Map<number, Set<number>>();
  for (const pid of pids) {
    const ports = new Set<number>();
    for (const name of descriptors(pid)) {
      const inode = /^socket:\[(\d+)\]$/.exec(name)?.[1];
      const port = inode === undefined ? undefined : portOf.get(inode);
      if (port !== undefined) ports.add(port);
    }
    if (ports.size > 0) found.set(pid, ports);
  }
  return found;
}

function descriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Ends all of a run, whoever started them. */
export function killAll(marker: string): void {
  for (const pid of processesOf(marker)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ended meanwhile
    }
  }
}

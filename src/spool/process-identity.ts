import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** A process, distinguished from any that had or will have the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start in clock ticks since boot (proc(5), stat field 22); empty if the system does not provide it. */
  readonly start: string;
  /** What `pid` and `start` are relative to, boot and namespace of process ids, as a hash; empty if unknown. */
  readonly host: string;
}

/** `unknown`: a process of another container or machine, whose state is not visible here. */
export type Liveness = 'alive' | 'dead' | 'unknown';

function readStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in field 2 may hold spaces and brackets: fields are counted from the last bracket.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function readHost(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return createHash('sha256')
      .update(`${boot}/${readlinkSync('/proc/self/ns/pid')}`)
      .digest('hex')
      .slice(0, 12);
  } catch {
    return process.platform === 'linux' ? '' : process.platform;
  }
}

let own: ProcessIdentity | undefined;

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return (own ??= { pid: process.pid, start: readStart(process.pid), host: readHost() });
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process still runs, seen from this one. */
export function livenessOf(identity: ProcessIdentity): Liveness {
  const me = ownIdentity();
  if (identity.host === '' || identity.host !== me.host) return 'unknown';
  if (!exists(identity.pid)) return 'dead';
  if (identity.start === '') return 'alive';
  return readStart(identity.pid) === identity.start ? 'alive' : 'dead';
}

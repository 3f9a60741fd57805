import { join } from 'node:path';
import { safeName } from './logger-names.ts';
import type { ProcessIdentity } from './process-identity.ts';

/**
 * The names in a spool folder.
 *
 * A segment is `<base>.seg` while nobody but its process deals with it. Who ships or completes it first takes it
 * by renaming it to `<base>.<pid>-<start>-<host>.seg`; renaming is atomic, so of several one gets it, and from one that
 * died it can be taken the same way. Its process keeps writing through its descriptor. Beside it are
 * `<base>.ack` (how far it was shipped) and, for good, `refused/`.
 *
 * `base` is `<created, Unix ms, 13 digits>-<process>-<number>`: sorting by name is sorting by age.
 */
export interface SegmentName {
  readonly base: string;
  readonly claim: ProcessIdentity | undefined;
  readonly path: string;
}

const NAME = /^(\d{13}-[A-Za-z0-9._-]+-\d{6})(?:\.(\d+)-(\d*)-(\w*))?\.seg$/;

/** Where the processes of one service keep their segments. */
export function spoolDirOf(logDir: string, serviceName: string): string {
  return join(logDir, 'spool', safeName(serviceName));
}

export function segmentBase(createdAtMs: number, processId: string, number: number): string {
  const created = String(Math.max(0, Math.floor(createdAtMs))).padStart(13, '0');
  return `${created}-${safeName(processId)}-${String(number).padStart(6, '0')}`;
}

export function parseSegmentName(dir: string, fileName: string): SegmentName | undefined {
  const match = NAME.exec(fileName);
  if (!match) return undefined;
  const [, base = '', pid, start = '', host = ''] = match;
  return {
    base,
    claim: pid === undefined ? undefined : { pid: Number(pid), start, host },
    path: join(dir, fileName),
  };
}

/** How much of a segment the collector has taken. */
export interface Acknowledged {
  readonly bytes: number;
  readonly records: number;
}

/** How long a sign of life may be old when it comes from a process that cannot be seen from here. */
export const UNSEEN_MS = 120_000;

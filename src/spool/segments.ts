import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { safeName } from './logger-names.ts';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/**
 * The names in a spool folder.
 *
 * A segment is `<base>.seg` while nobody but its process deals with it. Who ships or completes it first takes it
 * by renaming it to `<base>.<pid>-<start>-<host>.seg`; renaming is atomic, so of several one gets it, and from one that
 * died it can be taken the same way. Its process keeps writing through its descriptor. Beside it stand
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

/** The segments of a folder, oldest first; none when there is no folder. */
export function listSegments(dir: string): SegmentName[] {
  let entries: string[];
  try {
    entries = readdirSync(dir);
  } catch {
    return [];
  }
  const segments: SegmentName[] = [];
  for (const entry of entries.sort()) {
    const segment = parseSegmentName(dir, entry);
    if (segment) segments.push(segment);
  }
  return segments;
}

/** How long a sign of life may be old when it comes from a process that cannot be seen from here. */
const UNSEEN_MS = 120_000;
const HEARTBEAT_MS = 30_000;

/** Whether a file was written to within the last two minutes. */
export function isRecent(path: string, nowMs: number): boolean {
  const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return mtimeMs !== undefined && nowMs - mtimeMs < UNSEEN_MS;
}

/**
 * Whether the process that writes a segment has ended. Of one in another container, which cannot be seen from
 * here, this is believed when nothing was written for two minutes (a process whose segment is gone notices).
 */
export function hasEnded(path: string, writer: ProcessIdentity, nowMs: number): boolean {
  const liveness = livenessOf(writer);
  return liveness === 'dead' || (liveness === 'unknown' && !isRecent(path, nowMs));
}

const claimText = ({ pid, start, host }: ProcessIdentity): string => `${pid}-${start}-${host}`;
const heartbeatPath = (dir: string, claimant: ProcessIdentity): string =>
  join(dir, `claims.${claimText(claimant)}`);

const beatAtMs = new Map<string, number>();

/** Says to processes in other containers that this one still holds its claims; written every 30 s at most. */
export function keepClaims(dir: string, nowMs: number): void {
  const path = heartbeatPath(dir, ownIdentity());
  if (Math.abs(nowMs - (beatAtMs.get(path) ?? 0)) < HEARTBEAT_MS) return;
  beatAtMs.set(path, nowMs);
  try {
    writeFileSync(path, '', { mode: 0o640 });
    utimesSync(path, nowMs / 1000, nowMs / 1000);
  } catch {
    // A folder that cannot be written has nothing to claim either.
  }
}

const CLAIMS = /^claims\./;
const ACK = /^(.+)\.ack$/;

/** Deletes what processes that were killed left beside the segments: old signs of life, acks without a segment. */
export function sweepSpool(dir: string, nowMs: number): void {
  const bases = new Set(listSegments(dir).map(({ base }) => base));
  let entries: string[];
  try {
    entries = readdirSync(dir);
  } catch {
    return; // No folder yet.
  }
  for (const entry of entries) {
    const base = ACK.exec(entry)?.[1];
    const isLeft = base === undefined ? CLAIMS.test(entry) : !bases.has(base);
    if (isLeft && !isRecent(join(dir, entry), nowMs)) rmSync(join(dir, entry), { force: true });
  }
}

/** The process claims nothing any more. */
export function dropClaims(dir: string): void {
  const path = heartbeatPath(dir, ownIdentity());
  beatAtMs.delete(path);
  rmSync(path, { force: true });
}

function claimHolds(dir: string, claimant: ProcessIdentity, nowMs: number): boolean {
  const liveness = livenessOf(claimant);
  return liveness === 'alive' || (liveness === 'unknown' && isRecent(heartbeatPath(dir, claimant), nowMs));
}

function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** Takes a segment for this process; undefined when another holds it or was quicker. */
export function claimSegment(dir: string, segment: SegmentName, nowMs: number): SegmentName | undefined {
  const me = ownIdentity();
  keepClaims(dir, nowMs);
  if (segment.claim) {
    if (claimText(segment.claim) === claimText(me)) return segment;
    if (claimHolds(dir, segment.claim, nowMs)) return undefined;
  }
  const path = join(dir, `${segment.base}.${claimText(me)}.seg`);
  return rename(segment.path, path) ? { base: segment.base, claim: me, path } : undefined;
}

/** Gives a claimed segment back. */
export function releaseSegment(dir: string, segment: SegmentName): void {
  if (segment.claim) rename(segment.path, join(dir, `${segment.base}.seg`));
}

/** How much of a segment the collector has taken. */
export interface Acknowledged {
  readonly bytes: number;
  readonly records: number;
}

const ackPath = (dir: string, base: string): string => join(dir, `${base}.ack`);

/** The last whole line of the ack file; the beginning of the segment without one. */
export function readAck(dir: string, base: string): Acknowledged {
  try {
    const lines = readFileSync(ackPath(dir, base), 'latin1').split('\n');
    const [bytes = 0, records = 0] = (lines.at(-2) ?? '').split(' ').map(Number);
    return Number.isSafeInteger(bytes) && Number.isSafeInteger(records)
      ? { bytes, records }
      : { bytes: 0, records: 0 };
  } catch {
    return { bytes: 0, records: 0 };
  }
}

/** Throws the system's error. */
export function appendAck(dir: string, base: string, { bytes, records }: Acknowledged): void {
  appendFileSync(ackPath(dir, base), `${bytes} ${records}\n`, { mode: 0o640 });
}

/** Deletes a segment and what stands beside it; whether it was there. */
export function deleteSegment(dir: string, segment: SegmentName): boolean {
  try {
    unlinkSync(segment.path);
  } catch {
    return false;
  }
  rmSync(ackPath(dir, segment.base), { force: true });
  return true;
}

import { join } from 'node:path';
import { type Disk, openFile, closeQuietly, realDisk, unlinkQuietly } from '../files/disk.ts';
import { readFrom } from '../files/read-from.ts';
import { appendWhole } from '../files/write-all.ts';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { type Acknowledged, parseSegmentName, type SegmentName, UNSEEN_MS } from './segments.ts';

const HEARTBEAT_MS = 30_000;
const CLAIMS = /^claims\./;
const ACK = /^(.+)\.ack$/;
const NOTHING: Acknowledged = { bytes: 0, records: 0 };
const LINE_FEED = 10;
/** The last lines of an ack file are enough. */
const ACK_TAIL_BYTES = 4096;

const claimText = ({ pid, start, host }: ProcessIdentity): string => `${pid}-${start}-${host}`;

/** The spool folder of a service: who has which segment, and how much of it was shipped. */
export class SpoolFolder {
  readonly dir: string;
  readonly disk: Disk;
  #beatAtMs: number | undefined;

  constructor(dir: string, disk: Disk = realDisk) {
    this.dir = dir;
    this.disk = disk;
  }

  /** The segments, oldest first; none when there is no folder. */
  list(): SegmentName[] {
    const segments: SegmentName[] = [];
    for (const entry of this.#entries().sort()) {
      const segment = parseSegmentName(this.dir, entry);
      if (segment) segments.push(segment);
    }
    return segments;
  }

  sizeOf({ path }: SegmentName): number {
    return this.disk.stat(path)?.size ?? 0;
  }

  /** Whether a file was written to within the last two minutes. */
  isRecent(path: string, nowMs: number): boolean {
    const mtimeMs = this.disk.stat(path)?.mtimeMs;
    return mtimeMs !== undefined && nowMs - mtimeMs < UNSEEN_MS;
  }

  /**
   * Whether the process that writes a segment has ended. Of one in another container, which cannot be seen from
   * here, this is believed when nothing was written for two minutes (a process whose segment is gone notices).
   */
  hasEnded(path: string, writer: ProcessIdentity, nowMs: number): boolean {
    const liveness = livenessOf(writer);
    return liveness === 'dead' || (liveness === 'unknown' && !this.isRecent(path, nowMs));
  }

  /** Shows processes in other containers that this one still holds its claims; written every 30 s at most. */
  keepClaims(nowMs: number): void {
    if (this.#beatAtMs !== undefined && Math.abs(nowMs - this.#beatAtMs) < HEARTBEAT_MS) return;
    this.#beatAtMs = nowMs;
    try {
      const path = this.#heartbeatPath(ownIdentity());
      closeQuietly(this.disk, openFile(this.disk, path, 'append'));
      this.disk.touch(path, nowMs);
    } catch {
      // A folder that cannot be written has nothing to claim either.
    }
  }

  /** The process claims nothing any more. */
  dropClaims(): void {
    this.#beatAtMs = undefined;
    unlinkQuietly(this.disk, this.#heartbeatPath(ownIdentity()));
  }

  /** Takes a segment for this process; undefined when another holds it or was quicker. */
  claim(segment: SegmentName, nowMs: number): SegmentName | undefined {
    const me = ownIdentity();
    this.keepClaims(nowMs);
    if (segment.claim) {
      if (claimText(segment.claim) === claimText(me)) return segment;
      if (this.#claimHolds(segment.claim, nowMs)) return undefined;
    }
    const path = join(this.dir, `${segment.base}.${claimText(me)}.seg`);
    return this.#rename(segment.path, path) ? { base: segment.base, claim: me, path } : undefined;
  }

  /** Gives a claimed segment back. */
  release(segment: SegmentName): void {
    if (segment.claim) this.#rename(segment.path, join(this.dir, `${segment.base}.seg`));
  }

  /** The last whole line of the ack file; the beginning of the segment without one, or with one that is damaged. */
  readAck(base: string): Acknowledged {
    try {
      const path = this.#ackPath(base);
      const size = this.disk.stat(path)?.size ?? 0;
      const tail = readFrom(this.disk, path, Math.max(0, size - ACK_TAIL_BYTES), ACK_TAIL_BYTES);
      const line = tail.toString('latin1').split('\n').at(-2) ?? '';
      const [bytes = 0, records = 0] = /^\d+ \d+$/.test(line) ? line.split(' ').map(Number) : [];
      return Number.isSafeInteger(bytes) && Number.isSafeInteger(records) ? { bytes, records } : NOTHING;
    } catch {
      return NOTHING;
    }
  }

  /** Throws the system's error. */
  appendAck(base: string, { bytes, records }: Acknowledged): void {
    appendWhole(this.disk, this.#ackPath(base), `${bytes} ${records}\n`);
  }

  /** Whether a position is the end of a line of the segment: an ack may be damaged, or of a file that was cut off. */
  isLineEnd({ path }: SegmentName, position: number): boolean {
    if (position === 0) return true;
    return readFrom(this.disk, path, position - 1, 1)[0] === LINE_FEED;
  }

  /** Deletes a segment and its companion files; returns whether it existed. */
  delete(segment: SegmentName): boolean {
    if (!unlinkQuietly(this.disk, segment.path)) return false;
    unlinkQuietly(this.disk, this.#ackPath(segment.base));
    return true;
  }

  /** Deletes what processes that were killed left beside the segments: old signs of life, acks without a segment. */
  sweep(nowMs: number): void {
    const bases = new Set(this.list().map(({ base }) => base));
    for (const entry of this.#entries()) {
      const base = ACK.exec(entry)?.[1];
      const isLeft = base === undefined ? CLAIMS.test(entry) : !bases.has(base);
      const path = join(this.dir, entry);
      if (isLeft && !this.isRecent(path, nowMs)) unlinkQuietly(this.disk, path);
    }
  }

  #entries(): string[] {
    try {
      return this.disk.list(this.dir);
    } catch {
      return []; // No folder yet, or none that can be read.
    }
  }

  #ackPath(base: string): string {
    return join(this.dir, `${base}.ack`);
  }

  #heartbeatPath(claimant: ProcessIdentity): string {
    return join(this.dir, `claims.${claimText(claimant)}`);
  }

  #claimHolds(claimant: ProcessIdentity, nowMs: number): boolean {
    const liveness = livenessOf(claimant);
    return (
      liveness === 'alive' || (liveness === 'unknown' && this.isRecent(this.#heartbeatPath(claimant), nowMs))
    );
  }

  #rename(from: string, to: string): boolean {
    try {
      this.disk.rename(from, to);
      return true;
    } catch {
      return false;
    }
  }
}

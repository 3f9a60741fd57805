import { readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { realDisk } from '../../files/disk.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { Hello } from '../../link/messages.ts';
import {
  crashKinds,
  MARKER_TOUCH_MS,
  markerPath,
  type ProcessEnd,
  type ProcessEndKind,
  processEndKinds,
  type ProcessMarker,
} from '../../link/process-end.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { safeName } from '../../spool/logger-names.ts';
import { livenessOf } from '../../spool/process-identity.ts';
import { asctime } from '../../time/timestamps.ts';
import type { SelfMetric } from '../export/self-metrics.ts';

/** Crashes count as recent for so long; the rules about crashes look at these. */
const RECENT_MS = 900_000;
const MAX_RECENT = 1000;
/** A process that cannot be seen from here (another container) and has not touched its marker for so long has ended. */
const UNSEEN_MS = 6 * MARKER_TOUCH_MS;
/** A process that lived on for so long after a signal was not ended by it. */
const SIGNAL_MS = 3 * MARKER_TOUCH_MS;
/** When the markers are read again after a link broke: its process may still be ending. */
const AFTER_LOSS_MS = [50, 500, 2500] as const;
const INTERVAL_MS = 30_000;
const MARKER = /^[0-9a-f-]{36}\.json$/;

/** What is kept over restarts, so that a crash loop can be seen. */
interface Kept {
  readonly sinceMs: number;
  readonly counts: Record<string, number>;
  readonly recentMs: readonly number[];
}

export interface ProcessEndsOptions {
  /** `processFolderOf` the log folder. */
  readonly folder: string;
  readonly serviceName: string;
  readonly ownLog: OwnLog;
  readonly now: () => number;
  /** Whether a process is linked, and so alive. */
  readonly isLinked: (processId: string) => boolean;
  /** A process ended without having logged why. */
  readonly onKilled: (pid: number, atMs: number) => void;
}

/**
 * How processes of the service ended: those whose link closed, and those before this monitor, found by the markers
 * that they left. Each end is counted once, by whoever deletes its marker. Never throws.
 */
export class ProcessEnds {
  readonly #options: ProcessEndsOptions;
  readonly #counts = new Map<string, number>(processEndKinds.map((kind) => [kind, 0]));
  readonly #timers = new Set<NodeJS.Timeout>();
  #recentMs: number[] = [];
  #sinceMs: number;

  constructor(options: ProcessEndsOptions) {
    this.#options = options;
    this.#sinceMs = options.now();
    this.#restore();
  }

  /** When counting began, on a start long ago perhaps: Unix milliseconds. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  get metrics(): readonly SelfMetric[] {
    return [
      {
        ...catalogue.processEnds,
        read: () => processEndKinds.map((kind) => ({ labels: { kind }, value: this.#counts.get(kind) ?? 0 })),
      },
      { ...catalogue.recentCrashes, read: () => this.#recent() },
    ];
  }

  /** Looks for the ends of earlier processes, now and from time to time. */
  start(): void {
    this.#scan();
    const timer = setInterval(() => this.#scan(), INTERVAL_MS);
    timer.unref();
    this.#timers.add(timer);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** The link of a process closed, after it had announced its end or without that. */
  unlinked({ processId, pid }: Hello, announced: ProcessEnd | undefined): void {
    const path = markerPath(this.#options.folder, processId);
    if (announced) {
      remove(path);
      this.#count(pid, announced);
      return;
    }
    if (!readMarker(path)) {
      this.#count(pid, { kind: 'killed', code: 0, atMs: this.#options.now() });
      return;
    }
    // It may be gone, be about to be gone, or have lost its link only.
    for (const waitMs of AFTER_LOSS_MS) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#scan();
      }, waitMs);
      timer.unref();
      this.#timers.add(timer);
    }
  }

  #scan(): void {
    const { folder, serviceName, isLinked } = this.#options;
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      return; // No process has run here yet.
    }
    for (const name of names) {
      if (!MARKER.test(name)) continue;
      const path = join(folder, name);
      const marker = readMarker(path);
      if (!marker || marker.service !== serviceName || isLinked(marker.processId)) continue;
      const lastSeenMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
      if (lastSeenMs === undefined || !this.#hasEnded(marker, lastSeenMs) || !remove(path)) continue;
      this.#count(marker.pid, endOf(marker, lastSeenMs));
    }
  }

  #hasEnded(marker: ProcessMarker, lastSeenMs: number): boolean {
    const liveness = livenessOf(marker);
    const isFresh = this.#options.now() - lastSeenMs < UNSEEN_MS;
    // Without the start time of a process, its id may belong to another one by now.
    return liveness === 'dead' || (!isFresh && (liveness === 'unknown' || marker.start === ''));
  }

  #count(pid: number, end: ProcessEnd): void {
    this.#counts.set(end.kind, (this.#counts.get(end.kind) ?? 0) + 1);
    if (crashKinds.includes(end.kind)) {
      this.#recentMs.push(this.#options.now());
      if (this.#recentMs.length > MAX_RECENT) this.#recentMs.shift();
    }
    this.#log(pid, end);
    this.#keep();
  }

  #log(pid: number, { kind, code, atMs }: ProcessEnd): void {
    const { ownLog, serviceName, onKilled } = this.#options;
    const at = asctime(atMs).slice(0, 19);
    switch (kind) {
      case 'exit':
      case 'signal':
        ownLog.info(`process ${pid} of ${serviceName} ended with code ${code} at ${at}`);
        break;
      case 'failure':
        ownLog.warning(`process ${pid} of ${serviceName} ended with code ${code} at ${at}`);
        break;
      case 'exception':
        ownLog.warning(
          `process ${pid} of ${serviceName} ended by an error that nothing caught, at ${at}; see its log "app"`,
        );
        break;
      case 'killed':
        ownLog.warning(
          `process ${pid} of ${serviceName} was killed or crashed at about ${at}: SIGKILL, out of memory, abort, or a crash in native code`,
        );
        onKilled(pid, atMs);
        break;
    }
  }

  #recent(): number {
    const fromMs = this.#options.now() - RECENT_MS;
    this.#recentMs = this.#recentMs.filter((atMs) => atMs > fromMs);
    return this.#recentMs.length;
  }

  get #keptPath(): string {
    return join(this.#options.folder, `ends-${safeName(this.#options.serviceName)}.json`);
  }

  #restore(): void {
    try {
      const kept = JSON.parse(readFileSync(this.#keptPath, 'utf8')) as Kept;
      const isCount = (value: unknown): value is number => Number.isSafeInteger(value);
      for (const kind of processEndKinds) {
        const count = kept.counts[kind];
        if (isCount(count)) this.#counts.set(kind, count);
      }
      if (Array.isArray(kept.recentMs)) this.#recentMs = kept.recentMs.filter(isCount).slice(-MAX_RECENT);
      if (isCount(kept.sinceMs)) this.#sinceMs = Math.min(kept.sinceMs, this.#sinceMs);
    } catch {
      // The first start here, or a file that is not ours: counting begins now.
    }
  }

  #keep(): void {
    const kept: Kept = {
      sinceMs: this.#sinceMs,
      counts: Object.fromEntries(this.#counts),
      recentMs: this.#recentMs,
    };
    try {
      makeFolder(realDisk, this.#options.folder);
      writeWhole(this.#keptPath, JSON.stringify(kept));
    } catch {
      // A folder that cannot be written; the log of the package has reported it.
    }
  }
}

/** Undefined when there is none, or none that can be read (yet). */
function readMarker(path: string): ProcessMarker | undefined {
  try {
    const marker = JSON.parse(readFileSync(path, 'utf8')) as ProcessMarker;
    const isMarker = typeof marker.processId === 'string' && Number.isSafeInteger(marker.pid);
    return isMarker ? marker : undefined;
  } catch {
    return undefined;
  }
}

/** Whether this call deleted it. */
function remove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

function endOf({ end }: ProcessMarker, lastSeenMs: number): ProcessEnd {
  const killed: ProcessEnd = { kind: 'killed' satisfies ProcessEndKind, code: 0, atMs: lastSeenMs };
  if (!end || !processEndKinds.includes(end.kind)) return killed;
  return end.kind === 'signal' && lastSeenMs - end.atMs > SIGNAL_MS ? killed : end;
}

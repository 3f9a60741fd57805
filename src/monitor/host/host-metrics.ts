import { statfs } from 'node:fs/promises';
import type { Meter } from '@opentelemetry/api';
import { withDeadline } from '../../time/deadline.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import { type InstrumentRow, observableOf } from '../../metrics/instruments.ts';
import { type ContainerMemory, readContainerMemory } from './container-memory.ts';
import { currentLoad, mem } from './system-information.ts';

/** Percentages of the host, 0 to 100, as psutil computes them; undefined where they cannot be read. */
export interface HostSample {
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly disk: number | undefined;
  /** Undefined where there is no memory limit. */
  readonly container?: ContainerMemory | undefined;
}

const NOTHING: HostSample = { cpu: undefined, memory: undefined, disk: undefined };

/** What is read of the system, so that a test can replace a host. */
export interface HostReadings {
  cpuPercent(): Promise<number>;
  memory(): Promise<{ readonly total: number; readonly available: number }>;
  /** The file system of a path, in blocks: all, those that are free, and those that a user without rights may take. */
  disk(path: string): Promise<{ readonly blocks: number; readonly bfree: number; readonly bavail: number }>;
  containerMemory(): Promise<ContainerMemory | undefined>;
}

/** A dead network disk makes a reading hang for minutes, or for ever. */
const READING_DEADLINE_MS = 5000;

/** The reading, rejecting after a deadline, and at once while an earlier call still hangs. */
function bounded<A extends readonly unknown[], T>(
  read: (...args: A) => Promise<T>,
  deadlineMs: number,
): (...args: A) => Promise<T> {
  let hanging = false;
  return (...args) => {
    if (hanging) return Promise.reject(new Error('the previous reading is still running'));
    hanging = true;
    const reading = read(...args).finally(() => {
      hanging = false;
    });
    return withDeadline(reading, deadlineMs);
  };
}

/** The same readings, of which one that hangs takes neither the others with it nor is asked again meanwhile. */
export function boundedReadings(readings: HostReadings, deadlineMs: number): HostReadings {
  return {
    cpuPercent: bounded(() => readings.cpuPercent(), deadlineMs),
    memory: bounded(() => readings.memory(), deadlineMs),
    disk: bounded((path: string) => readings.disk(path), deadlineMs),
    containerMemory: bounded(() => readings.containerMemory(), deadlineMs),
  };
}

export const systemReadings: HostReadings = boundedReadings(
  {
    cpuPercent: async () => (await currentLoad()).currentLoad,
    memory: () => mem(),
    disk: (path) => statfs(path),
    containerMemory: () => readContainerMemory(),
  },
  READING_DEADLINE_MS,
);

/** psutil's `disk_usage('/')`; on Windows the drive of the system. */
export function rootMount(platform: string, systemDrive: string | undefined): string {
  return platform === 'win32' ? `${systemDrive ?? 'C:'}\\` : '/';
}

const percent = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) ? Math.min(100, Math.max(0, value)) : undefined;

/** Blocks in use of those that a user without rights could have (psutil, `disk_usage`). */
function diskPercent({ blocks, bfree, bavail }: { blocks: number; bfree: number; bavail: number }): number {
  const used = blocks - bfree;
  return (used / (used + bavail)) * 100;
}

async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** One reading of the host. What cannot be read is undefined; never rejects. */
export async function sampleHost(readings: HostReadings, mount: string): Promise<HostSample> {
  const [cpu, memory, disk, container] = await Promise.all([
    orUndefined(() => readings.cpuPercent()),
    orUndefined(() => readings.memory()),
    orUndefined(() => readings.disk(mount)),
    orUndefined(() => readings.containerMemory()),
  ]);
  return {
    cpu: percent(cpu),
    memory: percent(memory && ((memory.total - memory.available) / memory.total) * 100),
    disk: percent(disk && diskPercent(disk)),
    ...(container && { container }),
  };
}

/** A page asked for at once waits this long for the first sample, so that it shows all documented metrics. */
const FIRST_SAMPLE_MS = 1500;

/** Samples the host now and every `intervalMs`, and shows the last sample; a scrape never waits for it. */
export class HostMetrics {
  readonly #sample: () => Promise<HostSample>;
  #last: HostSample = NOTHING;
  /** The first sample, or the end of the time that a first page waits for it. */
  readonly #first: Promise<void>;
  #firstDone: () => void = () => {};
  #busy = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(meter: Meter, sample: () => Promise<HostSample>) {
    this.#sample = sample;
    this.#first = new Promise((done) => {
      this.#firstDone = done;
    });
    const show = (
      row: InstrumentRow & { readonly kind: 'gauge' },
      read: (last: HostSample) => number | undefined,
    ): void => {
      observableOf(meter, row).addCallback(async (result) => {
        await this.#first;
        const value = read(this.#last);
        if (value !== undefined) result.observe(value);
      });
    };
    show(catalogue.systemCpu, (last) => last.cpu);
    show(catalogue.systemMemory, (last) => last.memory);
    show(catalogue.systemDisk, (last) => last.disk);
    show(catalogue.containerMemory, ({ container }) =>
      percent(container && (container.usedBytes / container.limitBytes) * 100),
    );
    show(catalogue.containerMemoryLimit, ({ container }) => container?.limitBytes);
  }

  start(intervalMs: number): void {
    void this.runOnce();
    setTimeout(() => this.#firstDone(), FIRST_SAMPLE_MS).unref();
    this.#timer = setInterval(() => void this.runOnce(), intervalMs);
    this.#timer.unref();
  }

  /** A page or push that comes now shows what there is. */
  waitNoMore(): void {
    this.#firstDone();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Never rejects; while a sample is being taken no other is begun. */
  async runOnce(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      this.#last = await this.#sample();
    } catch {
      this.#last = NOTHING;
    } finally {
      this.#firstDone();
      this.#busy = false;
    }
  }
}

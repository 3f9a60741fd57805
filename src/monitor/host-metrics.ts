import type { Meter } from '@opentelemetry/api';
import { currentLoad, fsSize, mem } from 'systeminformation';
import { catalogue } from '../metrics/catalogue.ts';

/** Percentages of the host, 0 to 100, as psutil computes them; undefined until first sampled. */
export interface HostSample {
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly disk: number | undefined;
}

/** The parts of `systeminformation` used here, so that a test can stand in for a host. */
export interface HostReadings {
  cpuPercent(): Promise<number>;
  memory(): Promise<{ readonly total: number; readonly available: number }>;
  fileSystems(): Promise<readonly { readonly mount: string; readonly use: number }[]>;
}

export const systemReadings: HostReadings = {
  cpuPercent: async () => (await currentLoad()).currentLoad,
  memory: () => mem(),
  fileSystems: () => fsSize(),
};

/** psutil's `disk_usage('/')`; on Windows the drive of the system. */
export function rootMount(platform: string, systemDrive: string | undefined): string {
  return platform === 'win32' ? (systemDrive ?? 'C:') : '/';
}

const percent = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) ? Math.min(100, Math.max(0, value)) : undefined;

async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** One reading of the host. What cannot be read is undefined; never rejects. */
export async function sampleHost(readings: HostReadings, mount: string): Promise<HostSample> {
  const cpu = await orUndefined(() => readings.cpuPercent());
  const memory = await orUndefined(() => readings.memory());
  const disks = await orUndefined(() => readings.fileSystems());
  return {
    cpu: percent(cpu),
    memory: percent(memory && ((memory.total - memory.available) / memory.total) * 100),
    disk: percent(disks?.find((disk) => disk.mount === mount)?.use),
  };
}

/** A page asked for at once waits this long for the first sample, so that it shows all documented metrics. */
const FIRST_SAMPLE_MS = 1500;

/** Samples the host now and every `intervalMs`, and shows the last sample; a scrape never waits for it. */
export class HostMetrics {
  readonly #sample: () => Promise<HostSample>;
  #last: HostSample = { cpu: undefined, memory: undefined, disk: undefined };
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
      row: { name: string; help: string; unit: string },
      read: (last: HostSample) => number | undefined,
    ): void => {
      meter
        .createObservableGauge(row.name, { description: row.help, unit: row.unit })
        .addCallback(async (result) => {
          await this.#first;
          const value = read(this.#last);
          if (value !== undefined) result.observe(value);
        });
    };
    show(catalogue.systemCpu, (last) => last.cpu);
    show(catalogue.systemMemory, (last) => last.memory);
    show(catalogue.systemDisk, (last) => last.disk);
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

  /** Never rejects; a sample that hangs (a dead network disk) does not pile up others behind it. */
  async runOnce(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      this.#last = await this.#sample();
    } finally {
      this.#firstDone();
      this.#busy = false;
    }
  }
}

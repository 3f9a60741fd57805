import type { Recording } from './recording.ts';

/** What the explicit API needs of the process it runs in. */
export interface MetricsHost {
  readonly recorder: Recording;
  /** Asks the monitor for a sample of the host now, beside its own rhythm. */
  sampleHost(): void;
}

let factory: (() => MetricsHost | undefined) | undefined;

/** Set once by the entry point: how the metrics of this process or thread are made. */
export function provideMetrics(make: () => MetricsHost | undefined): void {
  factory = make;
}

/** The metrics of this process, started if need be; undefined where monitoring is off. */
export function currentMetrics(): MetricsHost | undefined {
  return factory?.();
}

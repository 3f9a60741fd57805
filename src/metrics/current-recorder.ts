import type { Recorder } from './recorder.ts';

/** What the explicit API needs of the process it runs in. */
export interface MetricsHost {
  readonly recorder: Recorder;
  /** Asks the monitor for a sample of the host now, beside its own rhythm. */
  sampleHost(): void;
}

let factory: (() => MetricsHost | undefined) | undefined;

/** Said once by the entry point: how the metrics of this process are had. */
export function provideMetrics(make: () => MetricsHost | undefined): void {
  factory = make;
}

/** The metrics of this process, started if need be; undefined where monitoring is off. */
export function currentMetrics(): MetricsHost | undefined {
  return factory?.();
}

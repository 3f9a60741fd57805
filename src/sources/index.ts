import type { Meter } from '@opentelemetry/api';
import type { Recorder } from '../metrics/recorder.ts';
import { httpServerSource } from './http-server.ts';
import { runtimeSource } from './runtime.ts';
import type { Source } from './source.ts';

/** One row per source: a function that begins to observe and returns how to stop. */
const sources: readonly ((recorder: Recorder, meter: Meter) => Source)[] = [httpServerSource, runtimeSource];

/** Begins to observe everything. A source that fails is left out, the others go on. */
export function startSources(recorder: Recorder, meter: Meter, onError: (error: unknown) => void): Source {
  const started: Source[] = [];
  for (const start of sources) {
    try {
      started.push(start(recorder, meter));
    } catch (error) {
      onError(error);
    }
  }
  return { stop: () => started.forEach((source) => source.stop()) };
}

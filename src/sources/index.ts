import type { Meter } from '@opentelemetry/api';
import type { Recorder } from '../metrics/recorder.ts';
import { httpServerSource } from './http/server.ts';
import { runtimeSource } from './runtime.ts';
import type { Source } from './source.ts';

type StartSource = (recorder: Recorder, meter: Meter, onError: (error: unknown) => void) => Source;

/** One row per source: a function that begins to observe and returns how to stop. */
const sources: readonly StartSource[] = [httpServerSource, runtimeSource];

/**
 * Begins to observe everything. A source that cannot start is left out, the others go on; `onError` also takes what
 * fails later, and may be called often.
 */
export function startSources(recorder: Recorder, meter: Meter, onError: (error: unknown) => void): Source {
  const started: Source[] = [];
  for (const start of sources) {
    try {
      started.push(start(recorder, meter, onError));
    } catch (error) {
      onError(error);
    }
  }
  return { stop: () => started.forEach((source) => source.stop()) };
}

import type { Meter, Observable } from '@opentelemetry/api';

const nothing = (): void => {};

/**
 * For sources in a worker thread: instruments of their own are read by nobody there, so what they record has to go by
 * the recorder. Written here, since OpenTelemetry is not loaded in a thread.
 */
export function threadMeter(): Meter {
  const recorded = { add: nothing, record: nothing, enabled: () => false };
  const observed: Observable = { addCallback: nothing, removeCallback: nothing };
  return {
    createGauge: () => recorded,
    createHistogram: () => recorded,
    createCounter: () => recorded,
    createUpDownCounter: () => recorded,
    createObservableGauge: () => observed,
    createObservableCounter: () => observed,
    createObservableUpDownCounter: () => observed,
    addBatchObservableCallback: nothing,
    removeBatchObservableCallback: nothing,
  };
}

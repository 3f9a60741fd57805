import type {
  BatchObservableCallback,
  Counter,
  Gauge,
  Histogram,
  Meter,
  MeterOptions,
  MeterProvider,
  MetricOptions,
  Observable,
  ObservableCounter,
  ObservableGauge,
  ObservableUpDownCounter,
  UpDownCounter,
} from '@opentelemetry/api';
import {
  batchInTime,
  FallbackInstrument,
  FallbackObservable,
  type InstrumentEvents,
} from './fallback-instruments.ts';
import { type Aggregation, Room } from './kept-measurements.ts';

/** Meters, and instruments that wait for the agent, of one process; the SDK keeps them for ever as well. */
const MAX_METERS = 1000;
const MAX_WAITING = 5000;

interface Attachable {
  attach(meter: Meter): void;
}

/** The service's callback, its registered replacement, and for which instruments. */
interface Batch {
  readonly callback: BatchObservableCallback;
  readonly inTime: BatchObservableCallback;
  readonly observables: readonly Observable[];
}

/** What is shared by all meters of a process. */
interface Shared {
  readonly room: Room;
  readonly events: InstrumentEvents;
  waiting: number;
}

const realOf = (observable: Observable): Observable =>
  observable instanceof FallbackObservable ? (observable.real ?? observable) : observable;

/** A meter of the service, before and after the agent is there. */
class FallbackMeter implements Meter {
  readonly #shared: Shared;
  #waiting: Attachable[] = [];
  #batches: Batch[] = [];
  #real: Meter | undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  createCounter(name: string, options?: MetricOptions): Counter {
    return this.#sync((meter) => meter.createCounter(name, options), 'sum', true);
  }

  createUpDownCounter(name: string, options?: MetricOptions): UpDownCounter {
    return this.#sync((meter) => meter.createUpDownCounter(name, options), 'sum');
  }

  createGauge(name: string, options?: MetricOptions): Gauge {
    return this.#sync((meter) => meter.createGauge(name, options), 'last');
  }

  createHistogram(name: string, options?: MetricOptions): Histogram {
    return this.#sync((meter) => meter.createHistogram(name, options), 'each');
  }

  createObservableCounter(name: string, options?: MetricOptions): ObservableCounter {
    return this.#observable(name, (meter) => meter.createObservableCounter(name, options));
  }

  createObservableUpDownCounter(name: string, options?: MetricOptions): ObservableUpDownCounter {
    return this.#observable(name, (meter) => meter.createObservableUpDownCounter(name, options));
  }

  createObservableGauge(name: string, options?: MetricOptions): ObservableGauge {
    return this.#observable(name, (meter) => meter.createObservableGauge(name, options));
  }

  addBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    const inTime = batchInTime(callback, observables, this.#shared.events);
    const batch: Batch = { callback, inTime, observables: [...observables] };
    this.#batches.push(batch);
    this.#real?.addBatchObservableCallback(inTime, observables.map(realOf));
    this.#shared.events.used();
  }

  removeBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    const found = this.#batches.find(
      (batch) =>
        batch.callback === callback &&
        batch.observables.length === observables.length &&
        batch.observables.every((one) => observables.includes(one)),
    );
    if (!found) return;
    this.#batches = this.#batches.filter((batch) => batch !== found);
    this.#real?.removeBatchObservableCallback(found.inTime, observables.map(realOf));
  }

  attach(meter: Meter): void {
    this.#real = meter;
    for (const instrument of this.#waiting) instrument.attach(meter);
    this.#waiting = [];
    for (const { inTime, observables } of this.#batches)
      meter.addBatchObservableCallback(inTime, observables.map(realOf));
  }

  /** With the agent there the real instrument itself, which costs nothing more. */
  #sync<Instrument extends object>(
    make: (meter: Meter) => Instrument,
    aggregation: Aggregation,
    isMonotonic = false,
  ): Instrument {
    if (this.#real) return make(this.#real);
    const { room, events } = this.#shared;
    const instrument = new FallbackInstrument(make, aggregation, isMonotonic, room, events);
    this.#await(instrument);
    return instrument as unknown as Instrument;
  }

  #observable(name: string, make: (meter: Meter) => Observable): Observable {
    const instrument = new FallbackObservable(name, make, this.#shared.events);
    if (this.#real) instrument.attach(this.#real);
    else this.#await(instrument);
    return instrument;
  }

  #await(instrument: Attachable): void {
    if (this.#shared.waiting >= MAX_WAITING) return;
    this.#shared.waiting += 1;
    this.#waiting.push(instrument);
  }
}

/**
 * The meter provider of a service that registers none: light, and there from the first module on. What its instruments
 * record before the agent is there is kept, within bounds, and recorded then.
 */
export class FallbackMeterProvider implements MeterProvider {
  readonly #shared: Shared;
  readonly #meters = new Map<string, { readonly meter: FallbackMeter; readonly get: () => Meter }>();
  #real: MeterProvider | undefined;

  constructor(events: InstrumentEvents) {
    this.#shared = { room: new Room(), events, waiting: 0 };
  }

  /** Measurements that were too many to be kept. */
  get dropped(): number {
    return this.#shared.room.dropped;
  }

  getMeter(name: string, version?: string, options?: MeterOptions): Meter {
    const key = JSON.stringify([name, version, options?.schemaUrl]);
    const known = this.#meters.get(key);
    if (known) return known.meter;
    const meter = new FallbackMeter(this.#shared);
    const real = this.#real;
    if (real) meter.attach(real.getMeter(name, version, options));
    if (this.#meters.size < MAX_METERS) {
      this.#meters.set(key, {
        meter,
        get: () => (this.#real as MeterProvider).getMeter(name, version, options),
      });
    }
    return meter;
  }

  /** The agent is there: instruments record into this provider from now on. */
  attach(real: MeterProvider): void {
    this.#real = real;
    for (const { meter, get } of this.#meters.values()) meter.attach(get());
  }
}

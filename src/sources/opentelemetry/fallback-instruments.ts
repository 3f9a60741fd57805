// Hot path: `add` and `record` of the service's instruments; with the agent there one look at a field and its instrument.
import type {
  Attributes,
  BatchObservableCallback,
  BatchObservableResult,
  Context,
  Meter,
  Observable,
  ObservableCallback,
  ObservableResult,
} from '@opentelemetry/api';
import { type Aggregation, KeptMeasurements, type Room } from './kept-measurements.ts';
import { SlowCallback } from './slow-callback.ts';

/** How long a collection waits for callbacks of the service; the monitor waits a second for the whole of it. */
const CALLBACK_DEADLINE_MS = 250;

/** The callbacks of the fallback's instruments. */
export interface InstrumentEvents {
  /** An instrument is used for the first time: something is to be shown of this process. */
  used(): void;
  /** A callback of an instrument did not settle in time. */
  late(instrument: string): void;
}

interface SyncInstrument {
  add?(value: number, attributes?: Attributes, context?: Context): void;
  record?(value: number, attributes?: Attributes, context?: Context): void;
}

/** Counter, UpDownCounter, Gauge or Histogram of the service: keeps until the agent is there, then passes on. */
export class FallbackInstrument {
  readonly #make: (meter: Meter) => SyncInstrument;
  readonly #kept: KeptMeasurements;
  readonly #isMonotonic: boolean;
  readonly #events: InstrumentEvents;
  #real: SyncInstrument | undefined;

  constructor(
    make: (meter: Meter) => SyncInstrument,
    aggregation: Aggregation,
    isMonotonic: boolean,
    room: Room,
    events: InstrumentEvents,
  ) {
    this.#make = make;
    this.#kept = new KeptMeasurements(aggregation, room);
    this.#isMonotonic = isMonotonic;
    this.#events = events;
  }

  add(value: number, attributes?: Attributes, context?: Context): void {
    if (this.#real) this.#real.add?.(value, attributes, context);
    else this.#keep(value, attributes);
  }

  record(value: number, attributes?: Attributes, context?: Context): void {
    if (this.#real) this.#real.record?.(value, attributes, context);
    else this.#keep(value, attributes);
  }

  attach(meter: Meter): void {
    const real = this.#make(meter);
    this.#real = real;
    this.#kept.drain((value, attributes) => {
      if (real.add) real.add(value, attributes);
      else real.record?.(value, attributes);
    });
  }

  #keep(value: number, attributes: Attributes | undefined): void {
    try {
      // The SDK leaves these out one by one, which in a sum could not be done any more.
      if (!(this.#isMonotonic && value < 0)) this.#kept.keep(value, attributes);
      this.#events.used();
    } catch {
      // Attributes that cannot be read: the measurement is left out, the service goes on.
    }
  }
}

/** An observable instrument of the service. */
export class FallbackObservable implements Observable {
  readonly #name: string;
  readonly #make: (meter: Meter) => Observable;
  readonly #events: InstrumentEvents;
  /** The service's callbacks, each with its registered replacement. */
  readonly #callbacks = new Map<ObservableCallback, ObservableCallback>();
  #real: Observable | undefined;

  constructor(name: string, make: (meter: Meter) => Observable, events: InstrumentEvents) {
    this.#name = name;
    this.#make = make;
    this.#events = events;
  }

  get name(): string {
    return this.#name;
  }

  /** Undefined until the agent is there. */
  get real(): Observable | undefined {
    return this.#real;
  }

  addCallback(callback: ObservableCallback): void {
    if (this.#callbacks.has(callback)) return;
    const inTime = this.#inTime(callback);
    this.#callbacks.set(callback, inTime);
    this.#real?.addCallback(inTime);
    this.#events.used();
  }

  removeCallback(callback: ObservableCallback): void {
    const inTime = this.#callbacks.get(callback);
    if (!inTime) return;
    this.#callbacks.delete(callback);
    this.#real?.removeCallback(inTime);
  }

  attach(meter: Meter): void {
    const real = this.#make(meter);
    this.#real = real;
    for (const inTime of this.#callbacks.values()) real.addCallback(inTime);
  }

  #inTime(callback: ObservableCallback): ObservableCallback {
    const slow = new SlowCallback<readonly [number, Attributes | undefined]>(
      (observe) => callback({ observe: (value, attributes) => observe([value, attributes]) }),
      CALLBACK_DEADLINE_MS,
      () => this.#events.late(this.#name),
    );
    return async (result: ObservableResult) => {
      for (const [value, attributes] of await slow.observations()) result.observe(value, attributes);
    };
  }
}

/** A callback for several observables of the service. */
export function batchInTime(
  callback: BatchObservableCallback,
  observables: readonly Observable[],
  events: InstrumentEvents,
): BatchObservableCallback {
  const names = observables.map((one) => (one instanceof FallbackObservable ? one.name : ''));
  const slow = new SlowCallback<readonly [Observable, number, Attributes | undefined]>(
    (observe) =>
      callback({
        observe: (observable, value, attributes) => observe([observable, value, attributes]),
      }),
    CALLBACK_DEADLINE_MS,
    () => events.late(names.join(', ')),
  );
  return async (result: BatchObservableResult) => {
    for (const [observable, value, attributes] of await slow.observations()) {
      const real = observable instanceof FallbackObservable ? observable.real : observable;
      if (real) result.observe(real, value, attributes);
    }
  };
}

import type { Attributes } from '@opentelemetry/api';

/** What is kept of all instruments together until the agent is there. */
const MAX_SERIES = 2000;
const MAX_VALUES = 10_000;

/** How the measurements of an instrument add up: a counter's to their sum, a gauge's to the last one, a histogram's not. */
export type Aggregation = 'sum' | 'last' | 'each';

interface Series {
  readonly attributes: Attributes | undefined;
  readonly values: number[];
}

/** How much room is left, and how much did not fit; one for all instruments of a process. */
export class Room {
  dropped = 0;
  #series = 0;
  #values = 0;

  /** Whether there is room for another series. */
  takeSeries(): boolean {
    return this.#series < MAX_SERIES && ++this.#series > 0;
  }

  /** Whether there is room for another value. */
  takeValue(): boolean {
    return this.#values < MAX_VALUES && ++this.#values > 0;
  }
}

/** Measurements of one instrument, taken before there is an agent to record them. */
export class KeptMeasurements {
  readonly #aggregation: Aggregation;
  readonly #room: Room;
  readonly #series = new Map<string, Series>();

  constructor(aggregation: Aggregation, room: Room) {
    this.#aggregation = aggregation;
    this.#room = room;
  }

  keep(value: unknown, attributes: Attributes | undefined): void {
    if (typeof value !== 'number') return;
    const key = attributes ? JSON.stringify(attributes) : '';
    let series = this.#series.get(key);
    if (!series) {
      if (!this.#room.takeSeries()) return this.#drop();
      series = { attributes: attributes && { ...attributes }, values: [] };
      this.#series.set(key, series);
    }
    const { values } = series;
    const [first] = values;
    if (this.#aggregation === 'each' && !this.#room.takeValue()) this.#drop();
    else if (this.#aggregation === 'each' || first === undefined) values.push(value);
    else values[0] = this.#aggregation === 'sum' ? first + value : value;
  }

  /** Hands out what was kept, and keeps none of it. */
  drain(record: (value: number, attributes: Attributes | undefined) => void): void {
    for (const { attributes, values } of this.#series.values()) {
      for (const value of values) record(value, attributes);
    }
    this.#series.clear();
  }

  #drop(): void {
    this.#room.dropped += 1;
  }
}

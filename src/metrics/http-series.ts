// Hot path: `record` once an HTTP request: one Map lookup and two records with label objects made once per series.
import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { Instruments } from './instruments.ts';
import type { RequestSeries } from './recording.ts';

type HttpInstruments = Pick<Instruments, 'httpRequests' | 'httpDuration'>;
type Labels = Readonly<Record<string, string>>;

/** The requests of one method and endpoint: whoever counts many of them keeps this and not the labels. */
export class HttpSeries implements RequestSeries {
  readonly #instruments: HttpInstruments;
  readonly #duration: Labels;
  readonly #byStatus = new Map<number, Labels>();

  constructor(instruments: HttpInstruments, method: string, endpoint: string) {
    this.#instruments = instruments;
    this.#duration = Object.freeze({ method, endpoint });
  }

  /** Counts a request and times it. */
  record(status: number, durationSeconds: number): void {
    let labels = this.#byStatus.get(status);
    if (!labels) {
      labels = Object.freeze({ ...this.#duration, status: String(status) });
      this.#byStatus.set(status, labels);
    }
    this.#instruments.httpRequests.add(1, labels, ROOT_CONTEXT);
    this.#instruments.httpDuration.record(durationSeconds, this.#duration, ROOT_CONTEXT);
  }
}

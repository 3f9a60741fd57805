import { queryType } from '../../metrics/query-type.ts';
import type { AiRequest, Recording, RequestSeries } from '../../metrics/recording.ts';
import type { ThreadPort } from './thread-port.ts';

/** Records in the thread that started this one; limits and bad numbers are looked at there. */
export class ThreadRecorder implements Recording {
  readonly #port: ThreadPort;

  constructor(port: ThreadPort) {
    this.#port = port;
  }

  http(endpoint: string, method: string): RequestSeries {
    return {
      record: (status, seconds) => this.#port.call(['http', endpoint, method, status, seconds]),
    };
  }

  aiRequest(request: AiRequest): void {
    this.#port.call(['ai', request]);
  }

  /** The statement itself stays in its thread. */
  query(database: string, type: string, durationSeconds: number): void {
    this.#port.call(['query', database, queryType(type), durationSeconds]);
  }

  connections(database: string, count: number): void {
    this.#port.call(['connections', database, count]);
  }

  /** Not from a thread: its pools are read by nobody, and a count that is sent would outlive a thread that is terminated. */
  readConnections(): () => void {
    return () => {};
  }
}

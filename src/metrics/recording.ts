import type { AiStatus } from './ai-status.ts';
import type { ReadConnections } from './instruments.ts';

/** One AI request: seconds, and the tokens that the answer reported (absent: not reported, nothing counted). */
export interface AiRequest {
  readonly model: string;
  readonly status: AiStatus;
  readonly durationSeconds: number;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

/** The requests of one method and endpoint. */
export interface RequestSeries {
  /** Counts a request and times it. */
  record(status: number, durationSeconds: number): void;
}

/** What sources and the explicit API record on: the instruments of this process, or the way to them from a thread. */
export interface Recording {
  /** The series of an endpoint, a route template and never a path, and a method; for keeping or for one request. */
  http(endpoint: string, method: string): RequestSeries;
  aiRequest(request: AiRequest): void;
  /** `type` is a verb of the closed list or a statement to take it from; anything else counts as `OTHER`. */
  query(database: string, type: string, durationSeconds: number): void;
  connections(database: string, count: number): void;
  /** Open connections that are read at each collection. Returns how to read them no more. */
  readConnections(read: ReadConnections): () => void;
}

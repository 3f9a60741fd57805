/** What a collector answered. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  body: string;
}

/** What became of a batch of records. */
export type SendResult =
  /** Taken, but for `rejected` of them, which the collector will never take. */
  | { readonly kind: 'accepted'; readonly rejected: number; readonly reason: string }
  /** Not taken now. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs: number | undefined }
  /** The request is too large, or something in it is wrong: not to be sent again as it is. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Answers that blame the request itself. All other errors concern the address, the
 * credentials or the collector, which somebody will mend: the records wait (OTLP would have them dropped).
 */
const BLAME_REQUEST = new Set([400, 413, 414, 415, 422, 431]);
const MAX_REASON = 300;

/** `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3). */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

interface PartialSuccess {
  readonly rejectedLogRecords?: number | string;
  readonly errorMessage?: string;
}

/** `partialSuccess` of an ExportLogsServiceResponse; 64-bit numbers may be strings in OTLP's JSON. */
function readPartialSuccess(body: string): SendResult {
  let partial: PartialSuccess | undefined;
  try {
    partial = (JSON.parse(body) as { partialSuccess?: PartialSuccess } | null)?.partialSuccess;
  } catch {
    // An empty or foreign body with a status of success: everything was taken.
  }
  const rejected = Number(partial?.rejectedLogRecords ?? 0);
  return {
    kind: 'accepted',
    rejected: Number.isFinite(rejected) ? rejected : 0,
    reason: (partial?.errorMessage ?? '').slice(0, MAX_REASON),
  };
}

/** Reads what became of a request: `answer` as seen on the wire, `error` as the exporter reports it. */
export function readAnswer(answer: Answer | undefined, error: Error | undefined, nowMs: number): SendResult {
  if (!answer) return { kind: 'retry', reason: error?.message ?? 'no answer', afterMs: undefined };
  const { status, body } = answer;
  if (status >= 200 && status < 300) {
    return error ? { kind: 'retry', reason: error.message, afterMs: undefined } : readPartialSuccess(body);
  }
  const reason = `HTTP ${status} ${body}`.trim().slice(0, MAX_REASON);
  if (BLAME_REQUEST.has(status)) return { kind: 'refused', reason };
  return { kind: 'retry', reason, afterMs: parseRetryAfter(answer.retryAfter, nowMs) };
}

import { currentMetrics } from './current-recorder.ts';
import type { AiStatus } from './ai-status.ts';

/** What a caller gave as a name; a caller in JavaScript can give anything. */
function nameOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'unknown';
  }
}

/** One of the three that the label may be; what is none of them was at least no success. */
function statusOf(value: unknown): AiStatus {
  return value === undefined || value === 'success'
    ? 'success'
    : value === 'cancelled'
      ? 'cancelled'
      : 'error';
}

/** What an AI call is known to have done beyond the documented three values. */
export interface AiDetails {
  readonly status?: AiStatus;
  readonly outputTokens?: number;
}

/** The documented explicit API for calls to AI models. Never throws. */
export class AIMetricsCollector {
  /** Counts one request of `duration` seconds; `tokens` are input tokens, output tokens come in `details`. */
  collect(model: string, duration: number, tokens: number, details?: AiDetails): void {
    currentMetrics()?.recorder.aiRequest({
      model: nameOf(model),
      status: statusOf(details?.status),
      durationSeconds: duration,
      inputTokens: tokens,
      outputTokens: details?.outputTokens,
    });
  }
}

/** The documented explicit API for database queries. Never throws. */
export class DatabaseMetricsCollector {
  /** Counts one query of `duration` seconds; `queryType` is its verb, or the statement to take it from. */
  collect(database: string, queryType: string, duration: number): void {
    currentMetrics()?.recorder.query(nameOf(database), nameOf(queryType), duration);
  }

  /** Sets the number of open connections to a database. */
  connections(database: string, count: number): void {
    currentMetrics()?.recorder.connections(nameOf(database), count);
  }
}

/** The documented explicit API for the host. Samples come by themselves; `collect` asks for one more, now. */
export class SystemMetricsCollector {
  collect(): void {
    currentMetrics()?.sampleHost();
  }
}

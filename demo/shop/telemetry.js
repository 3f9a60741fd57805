// The only file of the shop that knows about monitoring: records what is not instrumented, with the public API. Without
// the preload its calls do nothing.
import { performance } from 'node:perf_hooks';
import { AIMetricsCollector, DatabaseMetricsCollector, StructuredLogger } from '@geometra/monitoring';

const ai = new AIMetricsCollector();
const database = new DatabaseMetricsCollector();

export const apiLog = new StructuredLogger('api');
export const aiLog = new StructuredLogger('ai');
export const databaseLog = new StructuredLogger('db');
export const securityLog = new StructuredLogger('security');

const SLOW_QUERY_SECONDS = 0.02;

/** Reports the open connections of a database. */
export function connections(name, count) {
  database.connections(name, count);
}

/** Runs a query, counts it and returns what it returned. */
export function timedQuery(name, sql, run) {
  const startedMs = performance.now();
  try {
    return run();
  } finally {
    const seconds = (performance.now() - startedMs) / 1000;
    const type = sql.slice(0, sql.indexOf(' ')).toUpperCase();
    database.collect(name, type, seconds);
    if (seconds > SLOW_QUERY_SECONDS) {
      databaseLog.log('WARNING', 'slow query', { statement: sql, seconds });
    }
  }
}

/** Runs a chat completion, counts it and returns the answer. */
export async function timedCompletion(model, run) {
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1000;
  try {
    const answer = await run();
    const { prompt_tokens: tokens, completion_tokens: outputTokens } = answer.usage;
    ai.collect(model, seconds(), tokens, { outputTokens });
    aiLog.log('INFO', 'completion', { model, tokens, outputTokens });
    return answer;
  } catch (error) {
    ai.collect(model, seconds(), 0, { status: 'error' });
    aiLog.log('ERROR', 'completion failed', { model, reason: error.message });
    throw error;
  }
}

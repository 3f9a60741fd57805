import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** Published with the head of each answer to a client of `node:http`, and with each error (Node, diagnostics_channel). */
const ANSWER_CHANNEL = 'http.client.response.finish';
const ERROR_CHANNEL = 'http.client.request.error';

/**
 * Calls back when an attempt of an OpenTelemetry exporter fails: long before the exporter does, which repeats it. Its
 * requests are known by their user agent. Returns how to stop.
 */
export function onFailedAttempt(userAgent: string, onFailed: () => void): () => void {
  const isOurs = (request: ClientRequest): boolean =>
    String(request.getHeader('user-agent')).startsWith(userAgent);
  const onAnswer = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response?: IncomingMessage };
    if (isOurs(request) && (response?.statusCode ?? 0) >= 300) onFailed();
  };
  const onError = (message: unknown): void => {
    if (isOurs((message as { request: ClientRequest }).request)) onFailed();
  };
  subscribe(ANSWER_CHANNEL, onAnswer);
  subscribe(ERROR_CHANNEL, onError);
  return () => {
    unsubscribe(ANSWER_CHANNEL, onAnswer);
    unsubscribe(ERROR_CHANNEL, onError);
  };
}

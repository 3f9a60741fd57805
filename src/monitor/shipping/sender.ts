import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { type Answer, readAnswer, type SendResult } from './collector-answer.ts';

export interface LogSender {
  /** Sends one request and resolves with its outcome. One at a time. Never rejects. */
  send(records: readonly ReadableLogRecord[]): Promise<SendResult>;
  close(): void;
}

export interface LogSenderOptions {
  /** Full address. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For one request, with the repetitions that the exporter makes itself while this allows. */
  readonly timeoutMs: number;
  /** An attempt failed: long before `send` answers, since the exporter repeats it. */
  readonly onTrouble: () => void;
}

/** Published with the head of each answer to a client of `node:http`, and with each error (Node, diagnostics_channel). */
const ANSWER_CHANNEL = 'http.client.response.finish';
const ERROR_CHANNEL = 'http.client.request.error';
const USER_AGENT = 'geometra-monitoring-logs';
/** Answers are read up to here; a collector's are a few hundred bytes. */
const MAX_ANSWER_BYTES = 65_536;

interface ChannelMessage {
  readonly request: ClientRequest;
  readonly response?: IncomingMessage;
}

function readBody(response: IncomingMessage, answer: Answer): void {
  response.on('data', (chunk: Buffer) => {
    if (answer.body.length < MAX_ANSWER_BYTES) answer.body += chunk.toString('utf8');
  });
}

/**
 * Sends with OpenTelemetry's own exporter, which knows success and failure only. Status, `Retry-After` and
 * `partialSuccess` of the answer are read where Node announces answers; the exporter's requests are known by their
 * address and user agent.
 */
export function createLogSender({ url, headers, timeoutMs, onTrouble }: LogSenderOptions): LogSender {
  const { host, pathname, search } = new URL(url);
  let answer: Answer | undefined;

  function isOurs(request: ClientRequest): boolean {
    return (
      request.path === pathname + search &&
      request.getHeader('host') === host &&
      String(request.getHeader('user-agent')).startsWith(USER_AGENT)
    );
  }

  function onAnswer(message: unknown): void {
    const { request, response } = message as ChannelMessage;
    if (!response || !isOurs(request)) return;
    const status = response.statusCode ?? 0;
    answer = { status, retryAfter: response.headers['retry-after'], body: '' };
    readBody(response, answer);
    if (status >= 300) onTrouble();
  }

  function onError(message: unknown): void {
    if (!isOurs((message as ChannelMessage).request)) return;
    answer = undefined;
    onTrouble();
  }

  subscribe(ANSWER_CHANNEL, onAnswer);
  subscribe(ERROR_CHANNEL, onError);
  const exporter = new OTLPLogExporter({
    url,
    headers: { ...headers },
    timeoutMillis: timeoutMs,
    userAgent: USER_AGENT,
  });

  return {
    send(records) {
      answer = undefined;
      return new Promise((resolve) => {
        try {
          exporter.export([...records], ({ error }) => resolve(readAnswer(answer, error, Date.now())));
        } catch (error) {
          resolve({ kind: 'refused', reason: String(error) });
        }
      });
    },
    close() {
      unsubscribe(ANSWER_CHANNEL, onAnswer);
      unsubscribe(ERROR_CHANNEL, onError);
      exporter.shutdown().catch(() => undefined);
    },
  };
}

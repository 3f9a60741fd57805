// Hot path: one test per fetch of the service.
import type { AiStatus } from '../../metrics/ai-status.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import type { SourceRow } from '../seam/source.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import { type AiCall, recognise } from './ai-request.ts';
import type { TokenUsage } from './wire-format.ts';
import { statusOfError, watchResponse } from './watch-response.ts';

/** One attempt on the wire that ended. */
export interface AiEvent {
  readonly model: string;
  readonly status: AiStatus;
  readonly seconds: number;
  readonly usage: TokenUsage;
}

type Fetch = (this: unknown, input: unknown, init?: RequestInit, ...rest: unknown[]) => Promise<Response>;

/** `MONITORING_AI_HOSTS`, once the agent is there; calls before it are recognised by host and header alone. */
let hosts: readonly string[] = [];

/** The answer itself, with how it ends reported; what goes wrong in that leaves the answer as it is. */
async function watched(
  call: AiCall,
  answer: Promise<Response>,
  handle: SourceHandle<AiEvent>,
): Promise<Response> {
  const startedMs = performance.now();
  const { model, format } = call;
  const secondsNow = (): number => (performance.now() - startedMs) / 1000;
  let response: Response;
  try {
    response = await answer;
  } catch (error) {
    handle.take({ model, status: statusOfError(error), seconds: secondsNow(), usage: {} });
    throw error;
  }
  const headersSeconds = secondsNow();
  try {
    watchResponse(response, format, (status, usage, isRead) =>
      handle.take({ model, status, usage, seconds: isRead ? secondsNow() : headersSeconds }),
    );
  } catch {
    // A response that is not as Node makes it: its call is not counted.
  }
  return response;
}

/** Recognises a call without ever failing the fetch. */
function callOf(input: unknown, init: RequestInit | undefined): AiCall | undefined {
  try {
    return recognise(input, init, hosts);
  } catch {
    return undefined;
  }
}

/**
 * Calls to models over the global `fetch`, whatever library makes them: each attempt on the wire counts once, so a retry
 * counts again and nothing counts twice where one library sits on another.
 */
export const aiSource: SourceRow<AiEvent> = {
  name: 'ai',
  wakes: 'work',
  install(handle) {
    wrapMethod<Fetch>(
      globalThis,
      'fetch',
      (original) =>
        function fetch(this: unknown, input, init, ...rest) {
          const call = callOf(input, init);
          const answer = original.call(this, input, init, ...rest);
          return call === undefined ? answer : watched(call, answer, handle);
        },
    );
  },
  observe({ recorder, settings }) {
    hosts = settings.aiHosts;
    return {
      take: ({ model, status, seconds, usage }) =>
        recorder.aiRequest({
          model,
          status,
          durationSeconds: seconds,
          inputTokens: usage.input,
          outputTokens: usage.output,
        }),
    };
  },
};

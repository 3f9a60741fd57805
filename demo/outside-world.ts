import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './loopback-server.ts';

/** The dependencies of the shop: a payment provider that can be broken, and an AI model. */
export interface OutsideWorld {
  readonly paymentsUrl: string;
  readonly aiUrl: string;
  /** While true, 80 % of the payments fail. */
  paymentsFail: boolean;
  close(): Promise<void>;
}

interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly content: string }[];
}

/** Tokens of English text, roughly: one for four characters. */
const tokens = (text: string): number => Math.ceil(text.length / 4);
const ANSWER = 'For a first set I would take the compass and the set square; both are in stock.';

function completion(body: ChatBody): unknown {
  const prompt = tokens(body.messages.map((message) => message.content).join(' '));
  const completed = tokens(ANSWER);
  return {
    id: 'chatcmpl-demo',
    object: 'chat.completion',
    model: body.model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: ANSWER } }],
    usage: { prompt_tokens: prompt, completion_tokens: completed, total_tokens: prompt + completed },
  };
}

/** Starts both on loopback, on free ports unless they are given. Every ninth request gets 429. */
export async function startOutsideWorld(
  ports: { readonly payments: number; readonly ai: number } = { payments: 0, ai: 0 },
): Promise<OutsideWorld> {
  let asked = 0;
  let paid = 0;
  const payments = await serve((request, response) => {
    paid += 1;
    request.resume();
    response.writeHead(world.paymentsFail && paid % 5 !== 0 ? 503 : 201).end();
  }, ports.payments);
  async function complete(request: IncomingMessage): Promise<readonly [number, unknown]> {
    asked += 1;
    const number = asked;
    const body = await json(request);
    await delay(80 + (number % 7) * 40);
    if (number % 9 === 0) return [429, { error: { type: 'rate_limit_exceeded', message: 'slow down' } }];
    return [200, completion(body as ChatBody)];
  }
  const ai = await serve(async (request, response) => {
    const [status, body] = await complete(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }, ports.ai);
  const world: OutsideWorld = {
    paymentsUrl: payments.url,
    aiUrl: ai.url,
    paymentsFail: false,
    close: async () => {
      await Promise.all([payments.close(), ai.close()]);
    },
  };
  return world;
}

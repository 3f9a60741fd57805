// oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 takes rejected promises
import { Router } from 'express';
import { timedCompletion } from '../telemetry.js';

const MODEL = 'gpt-4o-mini';

/** /api/assistant: answers a question about the range with an OpenAI-compatible model at `aiUrl`. */
export function assistant(database, aiUrl) {
  const router = Router();

  async function complete(question) {
    const range = database.all('SELECT name FROM products').map((product) => product.name);
    const answer = await fetch(`${aiUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer demo' },
      body: JSON.stringify({
        model: MODEL,
        messages: [
          { role: 'system', content: `You sell: ${range.join(', ')}.` },
          { role: 'user', content: question },
        ],
      }),
    });
    if (!answer.ok) {
      await answer.arrayBuffer();
      throw new Error(`the model answered ${answer.status}`);
    }
    return answer.json();
  }

  router.post('/', async (request, response) => {
    const completion = await timedCompletion(MODEL, () => complete(String(request.body.question)));
    response.json({ answer: completion.choices[0].message.content });
  });

  return router;
}

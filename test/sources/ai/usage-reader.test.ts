import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicFormat } from '../../../src/sources/ai/formats/anthropic.ts';
import { cohereFormat } from '../../../src/sources/ai/formats/cohere.ts';
import { googleFormat } from '../../../src/sources/ai/formats/google.ts';
import { ollamaFormat } from '../../../src/sources/ai/formats/ollama.ts';
import { openaiFormat } from '../../../src/sources/ai/formats/openai.ts';
import { UsageReader } from '../../../src/sources/ai/usage-reader.ts';
import type { WireFormat } from '../../../src/sources/ai/wire-format.ts';

function read(format: WireFormat, text: string, chunkBytes: number): UsageReader {
  const reader = new UsageReader(format);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.chunk(bytes.subarray(at, at + chunkBytes));
  reader.end();
  return reader;
}

const events = (...list: readonly unknown[]): string =>
  list.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');

const rows: readonly (readonly [
  name: string,
  format: WireFormat,
  text: string,
  input: number,
  output: number | undefined,
])[] = [
  [
    'OpenAI chat',
    openaiFormat,
    JSON.stringify({
      choices: [{ message: { content: 'å "usage"' } }],
      usage: { prompt_tokens: 11, completion_tokens: 7 },
    }),
    11,
    7,
  ],
  [
    'OpenAI chat, indented',
    openaiFormat,
    JSON.stringify({ id: 'c', usage: { prompt_tokens: 3, completion_tokens: 4 } }, null, 2),
    3,
    4,
  ],
  [
    'OpenAI chat, streamed',
    openaiFormat,
    events(
      { choices: [{}], usage: null },
      { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
      '[DONE]',
    ),
    1,
    2,
  ],
  [
    'OpenAI responses, streamed',
    openaiFormat,
    `event: response.completed\n${events({ type: 'response.completed', response: { usage: { input_tokens: 5, output_tokens: 6 } } })}`,
    5,
    6,
  ],
  [
    'OpenAI embeddings',
    openaiFormat,
    JSON.stringify({
      data: [{ embedding: Array.from({ length: 100_000 }, (_, i) => i / 7) }],
      usage: { prompt_tokens: 8, total_tokens: 8 },
    }),
    8,
    undefined,
  ],
  [
    'Anthropic with cache',
    anthropicFormat,
    JSON.stringify({
      usage: {
        input_tokens: 9,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 1,
        output_tokens: 4,
      },
    }),
    110,
    4,
  ],
  [
    'Anthropic, streamed',
    anthropicFormat,
    events(
      { type: 'message_start', message: { usage: { input_tokens: 9, output_tokens: 1 } } },
      { type: 'message_delta', usage: { output_tokens: 5 } },
      { type: 'message_stop' },
    ),
    9,
    5,
  ],
  [
    'Gemini with thoughts, streamed',
    googleFormat,
    events(
      { usageMetadata: { promptTokenCount: 2 } },
      { usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 3, thoughtsTokenCount: 10 } },
    ),
    2,
    13,
  ],
  [
    'Gemini, streamed as an array',
    googleFormat,
    JSON.stringify([{ a: 1 }, { usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 3 } }], null, 2),
    2,
    3,
  ],
  [
    'Ollama, streamed',
    ollamaFormat,
    '{"message":{"content":"hi"}}\n{"done":true,"prompt_eval_count":4,"eval_count":5}\n',
    4,
    5,
  ],
  [
    'Cohere',
    cohereFormat,
    JSON.stringify({ usage: { billed_units: {}, tokens: { input_tokens: 6, output_tokens: 7 } } }),
    6,
    7,
  ],
];

describe('usage in answers', () => {
  for (const [name, format, text, input, output] of rows) {
    test(`${name}: the same however it is cut into chunks`, () => {
      for (const chunkBytes of [1, 7, 4096, text.length * 4]) {
        if (text.length > 100_000 && chunkBytes < 100) continue;
        assert.deepEqual(
          { ...read(format, text, chunkBytes).usage },
          { input, output },
          `${chunkBytes} bytes`,
        );
      }
    });
  }

  test('an answer without usage, one that is no JSON and one without end have none', () => {
    for (const text of [
      '{"choices":[]}',
      'not "usage" json',
      `{"usage": {"prompt_tokens": 1`,
      'x'.repeat(1_000_000),
    ]) {
      assert.deepEqual({ ...read(openaiFormat, text, 1000).usage }, {}, text.slice(0, 40));
    }
  });

  test('a stream is complete after its last event', () => {
    assert.equal(read(openaiFormat, events({ choices: [] }), 5).isComplete, false);
    assert.equal(read(openaiFormat, events({ choices: [] }, '[DONE]'), 5).isComplete, true);
  });
});

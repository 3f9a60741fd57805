import { isJson, sumOf, type WireFormat } from '../wire-format.ts';

/** OpenAI's chat, responses, embeddings and images, which Azure, Mistral, Groq, vLLM and many others speak as well. */
export const openaiFormat: WireFormat = {
  name: 'openai',
  path: /\/(?:chat\/completions|completions|responses|embeddings|images\/generations|images\/edits)$/,
  hosts: [
    /(?:^|\.)(?:openai\.com|openai\.azure\.com|mistral\.ai|groq\.com|deepseek\.com|x\.ai|openrouter\.ai|together\.xyz|perplexity\.ai)$/,
  ],
  headers: ['x-stainless-lang', 'openai-organization'],
  usageMark: '"usage"',
  endMark: /^data: ?\[DONE\]|"type": ?"response\.(?:completed|incomplete|failed)"/,
  usageOf(json) {
    // The event `response.completed` has the whole answer inside.
    const { usage } = isJson(json['response']) ? json['response'] : json;
    if (!isJson(usage)) return undefined;
    return {
      input: sumOf(usage, 'prompt_tokens') ?? sumOf(usage, 'input_tokens'),
      output: sumOf(usage, 'completion_tokens') ?? sumOf(usage, 'output_tokens'),
    };
  },
};

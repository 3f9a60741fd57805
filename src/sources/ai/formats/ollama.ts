import { sumOf, type WireFormat } from '../wire-format.ts';

/** Ollama's own API; it streams lines of JSON, the last one with the counts. */
export const ollamaFormat: WireFormat = {
  name: 'ollama',
  path: /\/api\/(?:chat|generate|embed)$/,
  hosts: [/^(?:localhost|127\.0\.0\.1|\[::1\]):11434$/],
  headers: [],
  usageMark: '_eval_count"',
  endMark: /"done": ?true/,
  usageOf: (json) => ({ input: sumOf(json, 'prompt_eval_count'), output: sumOf(json, 'eval_count') }),
};

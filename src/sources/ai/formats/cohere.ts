import { isJson, sumOf, type WireFormat } from '../wire-format.ts';

/** Cohere's chat and embeddings, versions 1 and 2. */
export const cohereFormat: WireFormat = {
  name: 'cohere',
  path: /\/v[12]\/(?:chat|embed|rerank)$/,
  hosts: [/(?:^|\.)cohere\.(?:com|ai)$/],
  headers: ['x-client-name'],
  usageMark: '"tokens"',
  endMark: /"message-end"|"is_finished": ?true/,
  usageOf(json) {
    const delta = isJson(json['delta']) ? json['delta'] : json;
    const usage = isJson(delta['usage']) ? delta['usage'] : delta['meta'];
    const tokens = isJson(usage) ? usage['tokens'] : undefined;
    if (!isJson(tokens)) return undefined;
    return { input: sumOf(tokens, 'input_tokens'), output: sumOf(tokens, 'output_tokens') };
  },
};

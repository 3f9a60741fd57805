import { isJson, sumOf, type WireFormat } from '../wire-format.ts';

/** Anthropic's messages. Its `input_tokens` leaves out what came from the cache or went there: both are added. */
export const anthropicFormat: WireFormat = {
  name: 'anthropic',
  path: /\/v1\/(?:messages|complete)$/,
  hosts: [/(?:^|\.)anthropic\.com$/],
  headers: ['anthropic-version'],
  usageMark: '"usage"',
  endMark: /"type": ?"message_stop"/,
  usageOf(json) {
    const { usage } = isJson(json['message']) ? json['message'] : json;
    if (!isJson(usage)) return undefined;
    return {
      input: sumOf(usage, 'input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'),
      output: sumOf(usage, 'output_tokens'),
    };
  },
};

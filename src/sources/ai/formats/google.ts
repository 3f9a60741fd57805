import { isJson, sumOf, type WireFormat } from '../wire-format.ts';

const MODEL = /\/models\/([^/:]+):/;

/** Google's Gemini, by AI Studio and Vertex; the model is in the path. */
export const googleFormat: WireFormat = {
  name: 'google',
  path: /\/models\/[^/:]+:(?:generateContent|streamGenerateContent|embedContent|batchEmbedContents|predict)$/,
  hosts: [/(?:^|\.)googleapis\.com$/],
  headers: ['x-goog-api-key', 'x-goog-api-client'],
  usageMark: '"usageMetadata"',
  endMark: /"finishReason"/,
  modelOf: ({ pathname }) => MODEL.exec(pathname)?.[1],
  usageOf({ usageMetadata: usage }) {
    if (!isJson(usage)) return undefined;
    return {
      input: sumOf(usage, 'promptTokenCount', 'toolUsePromptTokenCount'),
      output: sumOf(usage, 'candidatesTokenCount', 'thoughtsTokenCount'),
    };
  },
};

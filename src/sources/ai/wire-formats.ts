import { anthropicFormat } from './formats/anthropic.ts';
import { cohereFormat } from './formats/cohere.ts';
import { googleFormat } from './formats/google.ts';
import { ollamaFormat } from './formats/ollama.ts';
import { openaiFormat } from './formats/openai.ts';
import type { WireFormat } from './wire-format.ts';

/** One line per family of providers; the first whose path and host or headers fit a request takes it. */
export const wireFormats: readonly WireFormat[] = [
  anthropicFormat,
  googleFormat,
  ollamaFormat,
  cohereFormat,
  openaiFormat,
];

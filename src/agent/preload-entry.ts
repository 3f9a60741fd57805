import { createRequire } from 'node:module';
import { preload } from './preload.ts';

// The agent is a file of its own, loaded with the first thing observed: a process without any pays for this file only.
preload(process.env, () => {
  const { currentAgent } = createRequire(import.meta.url)('./agent.cjs') as typeof import('./entry.ts');
  return currentAgent() !== undefined;
});

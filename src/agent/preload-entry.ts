import { createRequire } from 'node:module';
import { preload } from './preload.ts';

/** The agent is a file of its own, loaded with the first thing observed: a process without any pays for this file only. */
const agent = (): typeof import('./entry.ts') =>
  createRequire(import.meta.url)('./agent.cjs') as typeof import('./entry.ts');

preload(process.env, {
  start: () => agent().currentAgent() !== undefined,
  startTraces: (program) => agent().startTracesOf(program),
});

import { createRequire } from 'node:module';
import { preload, preloadThread } from './preload.ts';

const require = createRequire(import.meta.url);

// Files of their own, loaded when they are needed: a process in which nothing is observed pays for this file only.
const agent = (): typeof import('./entry.ts') => require('./agent.cjs') as typeof import('./entry.ts');

preload(process.env, {
  start: () => agent().currentAgent() !== undefined,
  startTraces: (program) => agent().startTracesOf(program),
  report: (code, params) => (require('./report.cjs') as typeof import('./report.ts')).report(code, params),
});
preloadThread(process.env, () =>
  (require('./thread.cjs') as typeof import('./worker-thread.ts')).currentThread(process.env),
);

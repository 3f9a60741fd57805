import { readFileSync, realpathSync } from 'node:fs';
import { mainProgram } from '../config/main-program.ts';
import { problem } from '../errors.ts';
import { logOnce } from '../own-log/stderr.ts';
import { isPreloaded } from './preload.ts';

/** The package as a preload, without the part that observes. */
const WITHOUT_REGISTER = /(?:^|\s)(?:-r|--require|--import)[=\s]\s*["']?@geometra\/monitoring["']?(?:\s|$)/;

/**
 * Whoever preloads the package and not its `register` gets the explicit API only, and would wait for metrics in vain:
 * one line. Looked at a turn later, since `register` may be the next preload.
 */
export function hintAtRegister(env: NodeJS.ProcessEnv): void {
  const options = `${process.execArgv.join(' ')} ${env['NODE_OPTIONS'] ?? ''}`;
  if (!WITHOUT_REGISTER.test(options)) return;
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  setImmediate(() => {
    const { isTool } = mainProgram({ script: process.argv[1], env, readFile, realPath: realpathSync });
    if (!isPreloaded() && !isTool) logOnce(problem('MON_PRELOAD'));
  }).unref();
}

import { basename, dirname, join } from 'node:path';
import { packagesAbove } from './packages-above.ts';

/** What is known of the process from outside. */
export interface ProgramFacts {
  /** `process.argv[1]`. */
  readonly script: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly readFile: (path: string) => string;
  /** Resolves links: the command in `.bin` is one. Throws where there is no such file. */
  readonly realPath: (path: string) => string;
}

/** The program that a process runs. */
export interface MainProgram {
  /** Its main file, not that of a manager around it; undefined for `node -e`, a pipe or a prompt. */
  readonly path: string | undefined;
  /**
   * A package manager, a compiler or a process manager: it inherits NODE_OPTIONS from a shell or a container and is
   * never the service.
   */
  readonly isTool: boolean;
  /** It comes from a package in node_modules, as `next start` and `nodemon` do. */
  readonly isInstalled: boolean;
}

/** Packages whose commands are tools. Recognised by the package that a main file belongs to, never by its path. */
const TOOLS: ReadonlySet<unknown> = new Set([
  'npm',
  'npx',
  'pnpm',
  '@pnpm/exe',
  'yarn',
  '@yarnpkg/cli',
  'corepack',
  'typescript',
  'pm2',
]);

/** PM2 runs these two instead of the program, whose path is in the environment. */
const PM2_CONTAINERS: ReadonlySet<string> = new Set(['ProcessContainer.js', 'ProcessContainerFork.js']);

function realPathOf(path: string, { realPath }: ProgramFacts): string {
  try {
    return realPath(path);
  } catch {
    return path;
  }
}

const exists = (path: string, { readFile }: ProgramFacts): boolean => {
  try {
    readFile(path);
    return true;
  } catch {
    return false;
  }
};

/** Yarn 2 and later is one file without a package: checked in with the project, or fetched by corepack. */
function isYarnFile(path: string, facts: ProgramFacts): boolean {
  const folder = dirname(path);
  if (!/^yarn(-[\w.-]+)?\.c?js$/.test(basename(path))) return false;
  return (
    (basename(folder) === 'releases' && basename(dirname(folder)) === '.yarn') ||
    exists(join(folder, '.corepack'), facts)
  );
}

/** The program behind `process.argv[1]`. */
export function mainProgram(facts: ProgramFacts): MainProgram {
  const { script, env, readFile } = facts;
  if (script === undefined) return { path: undefined, isTool: false, isInstalled: false };
  const path = realPathOf(script, facts);
  const isInstalled = /[\\/]node_modules[\\/]/.test(path);
  for (const { name, bin } of packagesAbove(path, readFile)) {
    if (typeof name !== 'string') continue;
    const managed = env['pm_exec_path'];
    if (name === 'pm2' && managed !== undefined && PM2_CONTAINERS.has(basename(path)))
      return { path: managed, isTool: false, isInstalled: /[\\/]node_modules[\\/]/.test(managed) };
    const isTool = (TOOLS.has(name) && bin !== undefined) || isYarnFile(path, facts);
    return { path: script, isTool, isInstalled };
  }
  return { path: script, isTool: isYarnFile(path, facts), isInstalled };
}

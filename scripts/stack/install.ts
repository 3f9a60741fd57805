// `npm run stack:install [-- <program> …]`: builds the programs of the local stack from their Go modules.
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildProgram } from './build-program.ts';
import { goVersion } from './go.ts';
import { programNames, programPath, programs, stackFolder, type ProgramName } from './programs.ts';
import { isBuilt } from './stamp.ts';

const PROGRESS_MS = 10_000;
const MEGABYTE = 1_048_576;

const usage = `npm run stack:install [-- <program> …]

  Builds into .stack/bin, with Go 1.26 or newer and about 4 GB of disk for Go's caches:
${programNames.map((name) => `    ${name.padEnd(14)} ${programs[name].version.padEnd(22)} ${programs[name].purpose}`).join('\n')}
  Default: all of them, about ten minutes on two cores. Programs that are already built are skipped; an interrupted build
  continues. The exit code is 0 only if all requested programs are available.
`;

const GO_MISSING = `Go is not installed (no program "go" in the PATH), so nothing can be built.
  Install Go 1.26 or newer, from https://go.dev/dl/ or with your package manager, and run this again,
  or install Docker with Compose: \`npm run stack\` then does not need Go.
`;

const isProgram = (name: string): name is ProgramName => Object.hasOwn(programs, name);

/** The path relative to the current folder, if that is shorter. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

function sizeOf(name: ProgramName): string {
  return `${Math.round(statSync(programPath(name)).size / MEGABYTE)} MB`;
}

/** Builds one program and prints the result; returns whether it is available. */
async function installOne(name: ProgramName, signal: AbortSignal): Promise<boolean> {
  const label = `${name.padEnd(14)} ${programs[name].version.padEnd(22)}`;
  const path = shown(programPath(name));
  if (isBuilt(name)) {
    console.log(`${label} already built, ${path} (${sizeOf(name)})`);
    return true;
  }
  const startedMs = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedMs) / 1000);
  let lines = 0;
  let last = '';
  console.log(`${label} building`);
  const progress = setInterval(() => {
    console.log(`${label} ${String(seconds()).padStart(4)} s, step ${lines}: ${last.slice(0, 90)}`);
  }, PROGRESS_MS);
  try {
    await buildProgram(name, signal, (line) => {
      lines += 1;
      last = line;
    });
    console.log(`${label} built in ${seconds()} s, ${path} (${sizeOf(name)})`);
    return true;
  } catch (error) {
    if (!signal.aborted) console.error(`${label} FAILED after ${seconds()} s: ${(error as Error).message}`);
    return false;
  } finally {
    clearInterval(progress);
  }
}

/** Builds the requested programs and returns the exit code. */
async function install(asked: readonly string[]): Promise<number> {
  if (asked.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const unknown = asked.filter((name) => !isProgram(name));
  if (unknown.length > 0) {
    console.error(`Unknown program: ${unknown.join(', ')}.\n\n${usage}`);
    return 2;
  }
  const wanted = asked.length > 0 ? asked.filter(isProgram) : programNames;
  const version = goVersion();
  if (version === undefined && !wanted.every(isBuilt)) {
    console.error(GO_MISSING);
    return 1;
  }
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort()).once('SIGTERM', () => interruption.abort());
  const failed: ProgramName[] = [];
  for (const name of wanted) {
    const there = !interruption.signal.aborted && (await installOne(name, interruption.signal));
    if (!there) failed.push(name);
  }
  const ready = wanted.length - failed.length;
  const missing = failed.length > 0 ? `; missing: ${failed.join(', ')}` : '';
  console.log(`\n${ready} of ${wanted.length} programs in ${shown(join(stackFolder, 'bin'))}${missing}`);
  return failed.length > 0 ? 1 : 0;
}

process.exitCode = await install(process.argv.slice(2));

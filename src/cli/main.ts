#!/usr/bin/env node
import { describeProblem, problem } from '../errors.ts';
import type { Io } from './command.ts';

/** The oldest supported Node.js, as in package.json. */
const NODE: readonly [number, number] = [22, 15];

const io: Io = {
  env: process.env,
  cwd: process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  now: Date.now,
  color: process.stdout.isTTY && process.stdout.hasColors(),
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `| head` closes the pipe early; that is not an error.
  if (error.code !== 'EPIPE') throw error;
});

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NODE[0] || (major === NODE[0] && minor < NODE[1])) {
  const params = { got: process.versions.node, expected: NODE.join('.') };
  const { what, fix } = describeProblem(problem('MON_NODE_TOO_OLD', params));
  io.err(`geometra-monitoring: ${what}\n  ${fix} [MON_NODE_TOO_OLD]\n`);
  process.exitCode = 2;
} else {
  const [{ runCli }, { commands }] = await Promise.all([import('./run.ts'), import('./commands.ts')]);
  process.exitCode = await runCli(commands, process.argv.slice(2), io);
}

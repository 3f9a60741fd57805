// Runs `node <args>` a number of times and answers the CPU that all of them used from start to end, in ms.
'use strict';
const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');

/** Linux counts in ticks of 10 ms, but adds up what children used before it rounds. */
const TICK_MS = 10;

/** CPU of all ended children (cutime and cstime of proc_pid_stat(5)), ms. */
function endedChildrenMs() {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** Where children are not accounted for, each says at its exit what it has used. */
const LAST_WORD =
  "process.on('exit', () => { const u = process.resourceUsage(); require('fs').writeSync(3, `${u.userCPUTime + u.systemCPUTime}\\n`) })";

function runAll(args, count) {
  const linux = process.platform === 'linux';
  const before = linux ? endedChildrenMs() : 0;
  let saidUs = 0;
  for (let n = 0; n < count; n += 1) {
    const all = linux ? args : ['--import', `data:text/javascript,${encodeURIComponent(LAST_WORD)}`, ...args];
    const { status, output } = spawnSync(process.execPath, all, {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      timeout: 30_000,
    });
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
    saidUs += Number(output[3] ?? 0);
  }
  return linux ? endedChildrenMs() - before : saidUs / 1000;
}

process.on('message', ({ run, count }) => process.send({ cpuMs: runAll(run, count) }));
process.once('disconnect', () => process.exit());

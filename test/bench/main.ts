// `npm run bench -- [name …] [--runs N] [--json]`
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../demo/ensure-built.ts';
import { runBench, table, type Bench } from './harness.ts';
import { logging } from './logging.ts';
import { overhead } from './overhead.ts';
import { ensurePeers } from './peers.ts';
import { rules } from './rules.ts';
import { scrape } from './scrape.ts';
import { startup } from './startup.ts';
import { root } from './variants.ts';

const benches: readonly Bench[] = [overhead, startup, scrape, logging, rules];
const FEWEST_RUNS = 5;
const usage = `npm run bench -- [${benches.map(({ name }) => name).join('|')} ...] [--runs N] [--json]

  --runs N  measurements of each variant, ${FEWEST_RUNS} or more
  --json    the last line printed of each bench is its report
`;

interface Wanted {
  readonly benches: readonly Bench[];
  /** Undefined: as many as the bench sees fit. */
  readonly runs: number | undefined;
  readonly json: boolean;
}

function readWanted(args: readonly string[]): Wanted {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && (!Number.isInteger(runs) || runs < FEWEST_RUNS || runs > 99)) {
    throw new Error(`--runs: expected ${FEWEST_RUNS} to 99, got "${String(values.runs)}"`);
  }
  const chosen = positionals.map((name) => {
    const bench = benches.find((one) => one.name === name);
    if (!bench) throw new Error(`no bench is named "${name}"`);
    return bench;
  });
  return { benches: chosen.length > 0 ? chosen : benches, runs, json: values.json };
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
}

async function runAll({ benches: chosen, runs, json }: Wanted): Promise<boolean> {
  await ensureBuilt(root, () => console.error('building the package …'));
  await ensurePeers(() => console.error('installing the peers …'));
  let ok = true;
  for (const bench of chosen) {
    const report = await runBench(bench, runs ?? bench.runs, progress);
    progress('');
    console.log(table(bench, report));
    if (json) console.log(JSON.stringify(report));
    ok &&= report.ok;
  }
  return ok;
}

let wanted: Wanted | undefined;
try {
  wanted = readWanted(process.argv.slice(2));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
// A bench that breaks off leaves nothing behind: its folder goes with this process, its children with their channel.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
if (wanted) {
  try {
    if (!(await runAll(wanted))) process.exitCode = 1;
  } catch (error) {
    progress('');
    console.error(`The bench could not go on: ${(error as Error).message}`);
    process.exit(1);
  }
}

/**
 * `npm run harm -- [--json] [--only REGEX] [--jobs N]`: whole services, run bare and preloaded in the ways in which
 * people run them, through the life of a service: same exit code, signal, output and answers, one port more, sums exact
 * to the request, nothing left behind. One row per way and scenario.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../demo/ensure-built.ts';
import { ensureInstalled } from '../helpers/installed-folder.ts';
import { REPOSITORY } from '../helpers/service.ts';
import { ClientCount, differences, type Observation } from './observation.ts';
import { Run, type RunOptions, type Variant } from './run.ts';
import { collectorAway, type Scenario, scenarios } from './scenarios.ts';
import type { Way } from './ways/way.ts';
import { TOOLS, ways } from './ways/ways.ts';

/** An end may take this much longer than bare; the machine of a test run is not idle. */
const SLACK_MS = 250;

type Seen = Observation | 'not here' | Error;

async function observe(
  way: Way,
  variant: Variant,
  list: readonly Scenario[],
  options: RunOptions,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  try {
    using run = await Run.begin(way, variant, options);
    const client = new ClientCount(run);
    for (const scenario of list) seen.push(await scenario.run(run, client));
  } catch (error) {
    seen.push(error as Error);
  }
  while (seen.length < list.length) seen.push(new Error('not reached'));
  return seen;
}

/** What is wrong in one row; undefined when bare and preloaded agree, `not here` when the way has no such thing. */
function verdict(bare: Seen, ours: Seen): readonly string[] | 'not here' {
  if (bare instanceof Error) return [`the bare run: ${bare.message}`];
  if (ours instanceof Error) return [ours.message];
  if (bare === 'not here' || ours === 'not here') return 'not here';
  return differences(bare, ours, SLACK_MS);
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
  },
});
const only = new RegExp(values.only);
const chosen = ways.filter(({ name }) => only.test(name));

await ensureBuilt(REPOSITORY, () => console.error('building the package …'));
await ensureInstalled(TOOLS, () => console.error('installing pm2 and tsx …'));

let passed = 0;
let failed = 0;

async function runWay(way: Way): Promise<void> {
  for (const [list, options] of [
    [scenarios, { graceful: false, collectorAway: false }],
    [[collectorAway], { graceful: true, collectorAway: true }],
  ] as const) {
    const bare = await observe(way, 'bare', list, options);
    const ours = await observe(way, 'preloaded', list, options);
    for (const [at, { name }] of list.entries()) {
      const found = verdict(bare[at] as Seen, ours[at] as Seen);
      if (found === 'not here') continue;
      if (found.length === 0) passed += 1;
      else failed += 1;
      console.log(`${found.length === 0 ? 'ok    ' : 'FAILED'} ${way.name}: ${name}`);
      for (const line of found) console.log(`         ${line.slice(0, 600)}`);
    }
  }
}

const queue = [...chosen];
await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    for (let way = queue.shift(); way !== undefined; way = queue.shift()) await runWay(way);
  }),
);
const ok = failed === 0 && passed > 0;
console.log(values.json ? JSON.stringify({ passed, failed, ok }) : `${passed} passed, ${failed} failed`);
process.exitCode = ok ? 0 : 1;

/** The program of a process of its own: asks the service, its rules and its memory all the time, and reports. */
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';

/** What was seen since the last report. */
export interface ProbeReport {
  readonly latenciesMs: readonly number[];
  readonly unanswered: readonly string[];
  /** Times of evaluations, Unix ms, as /api/v1/rules shows them. */
  readonly evaluationsMs: readonly number[];
  readonly rssBytes: readonly number[];
}

const [port, metricsPort, pid] = process.argv.slice(2).map(Number) as [number, number, number];
const PING_MS = 20;
const RULES_MS = 300;
const MEMORY_MS = 250;
const TIMEOUT_MS = 5000;
/** The rule of the target's own file, evaluated at the interval that is judged. */
const RULE = 'Here';

interface RulesPage {
  readonly data: {
    readonly groups: readonly {
      readonly lastEvaluation: string;
      readonly rules: readonly { readonly name: string }[];
    }[];
  };
}

const agent = new Agent({ keepAlive: true });

let latenciesMs: number[] = [];
let unanswered: string[] = [];
let evaluations = new Set<number>();
let rssBytes: number[] = [];

function ask(to: number, path: string): Promise<string> {
  return new Promise((done, fail) => {
    const asked = get(
      { host: '127.0.0.1', port: to, path, agent: to === port ? agent : false },
      (response) => {
        let text = '';
        response
          .setEncoding('utf8')
          .on('data', (chunk: string) => (text += chunk))
          .on('end', () => done(text))
          .on('error', fail);
      },
    );
    asked.setTimeout(TIMEOUT_MS, () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    asked.on('error', fail);
  });
}

async function ping(): Promise<void> {
  const fromMs = performance.now();
  try {
    const text = await ask(port, '/ping');
    if (text !== 'pong') unanswered.push(`answered ${text.slice(0, 50)}`);
    latenciesMs.push(performance.now() - fromMs);
  } catch (error) {
    unanswered.push((error as Error).message);
  }
}

async function rules(): Promise<void> {
  try {
    const text = await ask(metricsPort, '/api/v1/rules');
    const { data } = JSON.parse(text) as RulesPage;
    // Other groups have other intervals, and may have been evaluated last before the watch began.
    const group = data.groups.find(({ rules: list }) => list.some(({ name }) => name === RULE));
    const ms = Date.parse(group?.lastEvaluation ?? '');
    if (ms > 0) evaluations.add(ms);
  } catch {
    // A gap in what is seen: that is the finding.
  }
}

function memory(): void {
  try {
    rssBytes.push(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024);
  } catch {
    // It has ended; the harness sees that.
  }
}

setInterval(() => void ping(), PING_MS);
setInterval(() => void rules(), RULES_MS);
setInterval(memory, MEMORY_MS);
process.on('message', () => {
  const report: ProbeReport = {
    latenciesMs,
    unanswered,
    evaluationsMs: [...evaluations].sort((a, b) => a - b),
    rssBytes,
  };
  [latenciesMs, unanswered, rssBytes] = [[], [], []];
  evaluations = new Set();
  process.send?.(report);
});
process.on('disconnect', () => process.exit(0));

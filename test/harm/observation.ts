import { type Answers, askAll, countedRequests } from './client.ts';
import type { End, Run } from './run.ts';
import { until } from '../helpers/until.ts';

/** What one step of a run showed. Bare and preloaded have to agree in all but `sum`, `ports` and `tookMs`. */
export interface Observation {
  readonly answers?: Answers;
  readonly stdout?: readonly string[];
  readonly stderr?: readonly string[];
  readonly ends?: readonly (End | string)[];
  readonly leftovers?: readonly string[];
  /** How many processes are left. */
  readonly left?: number;
  /** How many ports are open. */
  readonly ports?: number;
  /** What the page of metrics showed, and what it had to show; one of several where a restart may begin anew. */
  readonly sum?: { readonly shown: number | undefined; readonly right: readonly number[] };
  readonly tookMs?: number;
  /** Our own warnings. */
  readonly complaints?: readonly string[];
}

const SUM_MS = 10_000;

/** Requests that were answered, by this client's count: since the first start and since the last one. */
export class ClientCount {
  total = 0;
  sinceStart = 0;
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  async ask(count: number): Promise<Answers> {
    const answers = await askAll(this.#run.ports, count);
    for (const [answer, times] of Object.entries(answers)) if (answer.startsWith('200')) this.#add(times);
    return answers;
  }

  restarted(): void {
    this.sinceStart = 0;
  }

  /** Waits for the page to show all of them; what it shows at last is the observation. */
  async shown(mayBeginAnew: boolean): Promise<Observation['sum']> {
    this.#add(this.#run.takeReadyRequests());
    const right = mayBeginAnew ? [this.total, this.sinceStart] : [this.total];
    if (this.#run.variant === 'bare') return { shown: this.total, right };
    let shown: number | undefined;
    const met = async (): Promise<boolean> => {
      shown = await countedRequests(this.#run.metricsPort);
      return shown !== undefined && right.includes(shown);
    };
    await until(met, { deadlineMs: SUM_MS, intervalMs: 100 }).catch(() => undefined);
    return { shown, right };
  }

  #add(count: number): void {
    this.total += count;
    this.sinceStart += count;
  }
}

const sorted = (lines: readonly string[]): readonly string[] => lines.toSorted();

/** What differs between the two runs, and what is wrong in the preloaded one by itself. */
export function differences(bare: Observation, ours: Observation, slackMs: number): readonly string[] {
  const found: string[] = [];
  const same = (what: string, before: unknown, after: unknown): void => {
    const [a, b] = [JSON.stringify(before), JSON.stringify(after)];
    if (a !== b) found.push(`${what}: bare ${a}, preloaded ${b}`);
  };
  same(
    'answers',
    bare.answers && sorted(Object.keys(bare.answers)),
    ours.answers && sorted(Object.keys(ours.answers)),
  );
  same('stdout', bare.stdout, ours.stdout);
  same('stderr', bare.stderr, ours.stderr);
  same('ends', bare.ends, ours.ends);
  same('left behind', bare.leftovers, ours.leftovers);
  same('processes left', bare.left, ours.left);
  if (bare.ports !== undefined) same('open ports, ours aside', bare.ports, (ours.ports ?? 0) - 1);
  if (ours.sum !== undefined && (ours.sum.shown === undefined || !ours.sum.right.includes(ours.sum.shown)))
    found.push(`requests: ${ours.sum.right.join(' or ')} were answered, ${String(ours.sum.shown)} are shown`);
  if (bare.tookMs !== undefined && (ours.tookMs ?? 0) > bare.tookMs + slackMs)
    found.push(`took ${ours.tookMs} ms, bare ${bare.tookMs} ms`);
  for (const line of ours.complaints ?? []) found.push(`our own warning: ${line}`);
  return found;
}

import { Agent, request } from 'node:http';

/** What came back, and how often: the same in bare and preloaded. */
export type Answers = Readonly<Record<string, number>>;

const CONCURRENCY = 8;
const TIMEOUT_MS = 10_000;

/** One request; its answer in a line: status, headers that the program sets, body. */
export function ask(port: number, path: string, agent: Agent | false = false): Promise<string> {
  return new Promise((done) => {
    const asked = request({ host: '127.0.0.1', port, path, agent, timeout: TIMEOUT_MS }, (response) => {
      let body = '';
      const { statusCode, headers } = response;
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (body += chunk))
        .on('end', () => done(`${statusCode} ${String(headers['x-answer'])} ${body.trim()}`))
        .on('error', (error) => done(`broken: ${error.message}`));
    });
    asked.on('timeout', () => asked.destroy(new Error('time-out')));
    asked.on('error', (error) => done(`error: ${(error as NodeJS.ErrnoException).code ?? error.message}`));
    asked.end();
  });
}

/** Sends `count` requests to the ports in turn, some of them on connections that are kept; returns what came back. */
export async function askAll(ports: readonly number[], count: number): Promise<Answers> {
  const kept = new Agent({ keepAlive: true, maxSockets: 2 });
  const answers: Record<string, number> = {};
  let sent = 0;
  const run = async (): Promise<void> => {
    while (sent < count) {
      const n = sent++;
      const port = ports[n % ports.length] as number;
      const answer = await ask(port, `/item/${n % 10}`, n % 4 === 0 ? kept : false);
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, run));
  kept.destroy();
  return answers;
}

/** The sum of `http_requests_total` on a page of metrics; undefined without an answer. */
export async function countedRequests(port: number): Promise<number | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(3000) });
    if (!response.ok) return undefined;
    const lines = (await response.text()).matchAll(/^http_requests_total\{[^}]*\} (\S+)$/gm);
    return Array.from(lines, ([, value]) => Number(value)).reduce((sum, value) => sum + value, 0);
  } catch {
    return undefined;
  }
}

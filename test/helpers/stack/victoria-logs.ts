/** A record as the log database answers it: all values are text. */
export type FoundRecord = Readonly<Record<string, string>>;

/** Runs a LogsQL query at `url` (http://host:port). Throws with the database's answer when it refuses. */
export async function queryLogs(url: string, query: string): Promise<readonly FoundRecord[]> {
  const response = await fetch(`${url}/select/logsql/query`, {
    method: 'POST',
    body: new URLSearchParams({ query }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${query}: ${response.status} ${text}`);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FoundRecord);
}

/** The one number that a LogsQL query ending in `| stats …` answers. */
export async function countLogs(url: string, query: string): Promise<number> {
  const [row = {}] = await queryLogs(url, query);
  return Number(Object.values(row)[0] ?? 0);
}

/** A line as Loki answers it: its labels and its structured metadata together. */
export interface FoundLine {
  readonly labels: Readonly<Record<string, string>>;
  readonly line: string;
  readonly atMs: number;
}

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly stream: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [string, string])[];
    }[];
  };
}

/**
 * Runs a LogQL query over the last hour (https://grafana.com/docs/loki/latest/reference/loki-http-api/, query_range).
 * Throws with Loki's answer when it refuses.
 */
export async function queryLoki(url: string, query: string): Promise<readonly FoundLine[]> {
  const parameters = new URLSearchParams({ query, since: '1h', limit: '1000' });
  const response = await fetch(`${url}/loki/api/v1/query_range?${parameters.toString()}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${query}: ${response.status} ${text}`);
  const { data } = JSON.parse(text) as Answer;
  return data.result.flatMap(({ stream, values }) =>
    values.map(([ns, line]) => ({ labels: stream, line, atMs: Number(BigInt(ns) / 1_000_000n) })),
  );
}

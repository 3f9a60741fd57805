/** A series at an instant. */
export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Answer<T> {
  readonly status: string;
  readonly error?: string;
  readonly data: T;
}

async function ask<T>(url: string, path: string, parameters: Record<string, string>): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
  const answer = (await response.json()) as Answer<T>;
  if (answer.status !== 'success') throw new Error(`${path}: ${answer.error}`);
  return answer.data;
}

/** An instant query. */
export async function queryPrometheus(url: string, query: string): Promise<readonly PrometheusSample[]> {
  interface Row {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
  }
  const { result } = await ask<{ result: readonly Row[] }>(url, 'query', { query });
  return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

/** All series that match a selector, by their labels. */
export async function seriesOf(
  url: string,
  selector: string,
): Promise<readonly Readonly<Record<string, string>>[]> {
  return ask(url, 'series', { 'match[]': selector });
}

/** A series with all its samples, times in milliseconds. */
export interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [timeMs: number, value: number])[];
}

/** The samples as they were written: `query` is a selector with a range. Staleness markers are not among them. */
export async function rawSamples(url: string, query: string): Promise<readonly RawSeries[]> {
  interface Row {
    readonly metric: Readonly<Record<string, string>>;
    readonly values: readonly (readonly [number, string])[];
  }
  const { result } = await ask<{ result: readonly Row[] }>(url, 'query', { query });
  return result.map(({ metric, values }) => ({
    metric,
    points: values.map(([seconds, text]) => [Math.round(seconds * 1000), Number(text)] as const),
  }));
}

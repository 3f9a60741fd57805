/** A sample line of the Prometheus text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The documented metrics and exactly their labels (`le` of a histogram apart). */
const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  http_requests_total: ['endpoint', 'method', 'status'],
  http_request_duration_seconds: ['endpoint', 'method'],
  system_cpu_usage: [],
  system_memory_usage: [],
  system_disk_usage: [],
  ai_requests_total: ['model', 'status'],
  ai_request_duration_seconds: ['model'],
  ai_tokens_total: ['model', 'type'],
  db_connections: ['database'],
  db_queries_total: ['database', 'type'],
  db_query_duration_seconds: ['database', 'type'],
};

export const documentedCount = Object.keys(DOCUMENTED).length;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The samples of a page in the Prometheus text format. */
export function readSamples(page: string): readonly Sample[] {
  const samples: Sample[] = [];
  for (const line of page.split('\n')) {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const pairs = [...labels.matchAll(LABEL)].map(([, label = '', text = '']) => [label, text] as const);
    samples.push({ name, labels: Object.fromEntries(pairs), value: Number(value) });
  }
  return samples;
}

/** The documented metrics that have samples with exactly the documented labels. */
export function documentedIn(samples: readonly Sample[]): readonly string[] {
  const seen = new Set<string>();
  for (const { name, labels } of samples) {
    const family = name.replace(/_(?:bucket|sum|count)$/, '');
    const wanted = DOCUMENTED[name] ?? DOCUMENTED[family];
    const has = Object.keys(labels).filter((label) => label !== 'le');
    if (wanted && has.sort().join() === wanted.join()) seen.add(name in DOCUMENTED ? name : family);
  }
  return [...seen];
}

/** The sum of all samples of a name. */
export function total(samples: readonly Sample[], name: string): number {
  return samples.filter((sample) => sample.name === name).reduce((sum, sample) => sum + sample.value, 0);
}

/** The alerts on the page, name to state. */
export function alertsIn(samples: readonly Sample[]): ReadonlyMap<string, string> {
  const alerts = samples.filter((sample) => sample.name === 'ALERTS' && sample.value === 1);
  return new Map(alerts.map(({ labels }) => [labels['alertname'] ?? '', labels['alertstate'] ?? '']));
}

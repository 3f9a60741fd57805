import type { SelfMetric } from './self-metrics.ts';
export interface Shipping {
  kick(): void;
  drain(ms: number): Promise<boolean>;
  readonly metrics: readonly SelfMetric[];
}
export function startShipping(_o: unknown): Shipping {
  return { kick() {}, drain: () => Promise.resolve(true), metrics: [] };
}

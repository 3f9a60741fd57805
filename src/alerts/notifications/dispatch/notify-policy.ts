import { type Backoff, backoffMs } from '../../../time/backoff.ts';

/** When notifications go out. All times in milliseconds. */
export interface NotifyPolicy {
  /** Labels whose values make a group; `...` puts every alert into a group of its own. */
  readonly groupBy: readonly string[];
  /** How long a new group waits for more alerts. Nobody is notified of an alert that ends within this time. */
  readonly groupWaitMs: number;
  /** Least time between two notifications of one group. */
  readonly groupIntervalMs: number;
  /** After this time a notification of a group that still fires is repeated. */
  readonly repeatMs: number;
  readonly sendResolved: boolean;
  /** Notifications that may go to one receiver at once; beyond that several groups share one. */
  readonly burst: number;
  /** Time after which one more may go out. */
  readonly refillMs: number;
}

export const defaultPolicy: NotifyPolicy = {
  groupBy: ['alertname'],
  groupWaitMs: 5000,
  groupIntervalMs: 60_000,
  repeatMs: 14_400_000, // 4 hours, as Alertmanager
  sendResolved: true,
  burst: 10,
  refillMs: 60_000,
};

const TEMPORARY: Backoff = { firstMs: 2000, maxMs: 120_000 };
const PERMANENT: Backoff = { firstMs: 60_000, maxMs: 1_800_000 }; // 30 minutes

/**
 * How long to wait after the given number of failures, doubled each time. What the server refuses for good is tried
 * again as well, but seldom: somebody may correct the password or the address.
 */
export function retryDelayMs(failures: number, permanent: boolean): number {
  return backoffMs(failures, permanent ? PERMANENT : TEMPORARY);
}

import type { BridgedRecord } from '../../logging/log-bridge.ts';
import type { AiRequest } from '../../metrics/recording.ts';
import type { FoundLibrary } from '../seam/found-libraries.ts';
import type { Wake } from '../seam/source-handle.ts';

/** A call of a thread's recorder, by the name of its method. */
export type RecordedCall =
  | readonly [kind: 'http', endpoint: string, method: string, status: number, seconds: number]
  | readonly [kind: 'ai', request: AiRequest]
  | readonly [kind: 'query', database: string, type: string, seconds: number]
  | readonly [kind: 'connections', database: string, count: number];

/** What a worker thread of the service sends to the thread that started it. It gets no answers. */
export type ThreadMessage =
  /** The first one: two numbers in shared memory, by which the receiver answers. */
  | { readonly kind: 'hello'; readonly taken: Int32Array }
  | { readonly kind: 'wake'; readonly how: Wake }
  | { readonly kind: 'log'; readonly record: BridgedRecord; readonly cost: number }
  | { readonly kind: 'metrics'; readonly calls: readonly RecordedCall[]; readonly cost: number }
  | { readonly kind: 'found'; readonly found: FoundLibrary }
  | { readonly kind: 'sample-host' }
  /** Messages that were not sent, because too much waited already. */
  | { readonly kind: 'dropped'; readonly count: number };

/** To this number the receiver adds the cost of what it has taken. */
export const TAKEN = 0;
/** This one it sets to 1, so that the thread knows of somebody who listens. */
export const HEARD = 1;

/** Name of the channel between a worker thread and the thread that started it; nobody else opens it. */
export const channelOf = (threadId: number): string => `geometra.monitoring.thread.1.${threadId}`;

import type { SilenceAnswer, SilenceRequest } from '../../link/silence-messages.ts';

/** How a linked process ended: with an exit code that it announced, or without (killed, out of memory, or crashed). */
export type ProcessEnd =
  | { readonly kind: 'exit'; readonly pid: number; readonly code: number }
  | { readonly kind: 'gone'; readonly pid: number };

/** What the processes of the service and the command line ask of the monitor. */
export interface AgentRequests {
  /** Records were appended to the spool. */
  spooled(): void;
  sampleHost(): void;
  /** A process is about to end: ship the spool and push metrics, within the deadline. Never rejects. */
  drain(deadlineMs: number): Promise<void>;
  /** A process that had introduced itself is no longer linked. */
  processEnded(end: ProcessEnd): void;
  /** Load the rule files again; false when they have errors and nothing changed. */
  reload(): Promise<boolean>;
  silence(request: SilenceRequest): SilenceAnswer;
  /** A separate monitor takes over. */
  stepDown(): void;
}

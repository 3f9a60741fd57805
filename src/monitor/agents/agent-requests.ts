import type { Hello } from '../../link/messages.ts';
import type { ProcessEnd } from '../../link/process-end.ts';
import type { SilenceAnswer, SilenceRequest } from '../../link/silence-messages.ts';

/** What the processes of the service and the command line ask of the monitor. */
export interface AgentRequests {
  /** Records were appended to the spool. */
  spooled(): void;
  sampleHost(): void;
  /** A process is about to end: ship the spool and push metrics, within the deadline. Never rejects. */
  drain(deadlineMs: number): Promise<void>;
  /** A process that had introduced itself is no longer linked; with the end that it announced, if it did. */
  processUnlinked(hello: Hello, end: ProcessEnd | undefined): void;
  /** Load the rule files again; false when they have errors and nothing changed. */
  reload(): Promise<boolean>;
  silence(request: SilenceRequest): SilenceAnswer;
  /** A separate monitor takes over. */
  stepDown(): void;
}

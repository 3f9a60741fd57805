import type { SilenceAnswer, SilenceRequest } from '../link/silence-messages.ts';
import type { OwnLog } from '../own-log/own-log.ts';
import type { AgentRequests, ProcessEnd } from './agents/agent-requests.ts';
import type { OtlpMetrics } from './export/otlp-metrics.ts';
import type { HostMetrics } from './host/host-metrics.ts';
import type { Alerts } from './rules/alerts.ts';
import type { Shipping } from './shipping/shipping.ts';
import type { Undo } from './undo.ts';

export interface MonitorParts {
  readonly serviceName: string;
  readonly ownLog: OwnLog;
  readonly host: HostMetrics;
  readonly push: OtlpMetrics | undefined;
  readonly shipping: Shipping | undefined;
  readonly alerts: Alerts;
  /** Everything that a monitor which steps down lets go of. */
  readonly undo: Undo;
  /** The thread of the service that this monitor runs for; a separate monitor never steps down. */
  readonly steppedDown: (() => void) | undefined;
}

/** Does what processes and the command line ask of a monitor that leads. */
export class MonitorRequests implements AgentRequests {
  readonly #parts: MonitorParts;

  constructor(parts: MonitorParts) {
    this.#parts = parts;
  }

  spooled(): void {
    this.#parts.shipping?.shipper.kick();
  }

  sampleHost(): void {
    void this.#parts.host.runOnce();
  }

  async drain(deadlineMs: number): Promise<void> {
    const { host, push, shipping } = this.#parts;
    host.waitNoMore();
    await Promise.allSettled([
      push?.reader.forceFlush({ timeoutMillis: deadlineMs }),
      shipping?.shipper.drain(deadlineMs),
    ]);
  }

  processEnded(end: ProcessEnd): void {
    const { ownLog, serviceName, undo } = this.#parts;
    // A monitor that stops closes its links itself.
    if (undo.begun) return;
    if (end.kind === 'exit') ownLog.info(`process ${end.pid} of ${serviceName} ended with code ${end.code}`);
    else
      ownLog.warning(
        `process ${end.pid} of ${serviceName} ended unexpectedly: killed, out of memory, or crashed`,
      );
  }

  reload(): Promise<boolean> {
    return this.#parts.alerts.reload();
  }

  silence(request: SilenceRequest): SilenceAnswer {
    return this.#parts.alerts.silence(request);
  }

  stepDown(): void {
    const { steppedDown, undo, ownLog } = this.#parts;
    if (!steppedDown) return;
    void undo.run().then(() => {
      ownLog.info('a separate monitor takes over from this one');
      steppedDown();
    });
  }
}

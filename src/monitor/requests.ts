import { logsEndpoint, metricsEndpoint } from '../config/endpoints.ts';
import type { Settings } from '../config/read-settings.ts';
import type { Hello } from '../link/messages.ts';
import type { ProcessEnd } from '../link/process-end.ts';
import type { SilenceAnswer, SilenceRequest } from '../link/silence-messages.ts';
import type { OwnLog } from '../own-log/own-log.ts';
import type { AgentRequests } from './agents/agent-requests.ts';
import type { ProcessEnds } from './agents/process-ends.ts';
import type { CollectorState } from './export/collector-state.ts';
import type { OtlpMetrics } from './export/otlp-metrics.ts';
import type { HostMetrics } from './host/host-metrics.ts';
import type { Alerts } from './rules/alerts.ts';
import type { Shipping } from './shipping/shipping.ts';
import type { Undo } from './undo.ts';

export interface MonitorParts {
  readonly ownLog: OwnLog;
  readonly settings: Settings;
  readonly collector: CollectorState;
  readonly host: HostMetrics;
  readonly push: OtlpMetrics | undefined;
  readonly shipping: Shipping | undefined;
  readonly alerts: Alerts;
  readonly ends: ProcessEnds;
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
    const { host, push, shipping, settings, collector } = this.#parts;
    host.waitNoMore();
    const metricsUrl = metricsEndpoint(settings);
    const logsUrl = logsEndpoint(settings);
    await Promise.all([
      push &&
        metricsUrl !== undefined &&
        collector.unlessAway(metricsUrl, () => push.reader.forceFlush({ timeoutMillis: deadlineMs })),
      shipping &&
        logsUrl !== undefined &&
        collector.unlessAway(logsUrl, () => shipping.shipper.drain(deadlineMs)),
    ]);
  }

  processUnlinked(hello: Hello, end: ProcessEnd | undefined): void {
    // A monitor that stops closes its links itself.
    if (!this.#parts.undo.begun) this.#parts.ends.unlinked(hello, end);
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

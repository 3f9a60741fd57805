import { diag, DiagLogLevel } from '@opentelemetry/api';
import type { OwnLog } from '../../own-log/own-log.ts';

/** What the OpenTelemetry packages of the monitor report goes to our own log, at debug: it never reaches the service. */
export function sendOtelLogTo(ownLog: Pick<OwnLog, 'debug'>): void {
  const report = (...args: unknown[]): void => ownLog.debug(`OpenTelemetry: ${args.map(String).join(' ')}`);
  const ignore = (): void => {};
  diag.setLogger(
    { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore },
    DiagLogLevel.WARN,
  );
}

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { metrics } from '@opentelemetry/api';
import * as api from '@opentelemetry/api';
import { logs as legacyLogs } from '@opentelemetry/api-logs';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { LoggerProvider } from '@opentelemetry/sdk-logs';
import { packagesAbove } from '../../config/packages-above.ts';
import type { OwnLog } from '../../own-log/own-log.ts';

/** Packages that register providers of their own when the service starts them. */
const OTHER_SDK =
  /^@opentelemetry\/(sdk-|auto-instrumentations-)|^@sentry\/|^@elastic\/opentelemetry-node$|^@splunk\/otel$|^@dash0\/|^@microsoft\/opentelemetry$|^@azure\/monitor-opentelemetry|^@pydantic\/logfire|^dd-trace$/;

/** The dependencies that the nearest package.json above the program names. */
function dependencyNames(program: string | undefined, cwd: string): string[] {
  const readText = (path: string): string => readFileSync(path, 'utf8');
  for (const { dependencies } of packagesAbove(program === undefined ? cwd : dirname(program), readText)) {
    return Object.keys(dependencies ?? {});
  }
  return [];
}

/**
 * Whether the service brings an OpenTelemetry SDK: registering anything globally beside it with another version of
 * the API makes its own registration fail, and its tracing with it.
 */
function hasOwnSdk(program: string | undefined, cwd: string): boolean {
  const globals = globalThis as Record<symbol, unknown>;
  if (globals[Symbol.for('opentelemetry.js.api.1')] !== undefined) return true;
  return dependencyNames(program, cwd).some((name) => OTHER_SDK.test(name));
}

/**
 * Makes our providers the global ones, so that instruments and log records of the service and its libraries come
 * out as well: logs on both globals, that of api 1.10 and that of api-logs. Answers whether it did.
 */
export function registerGlobals(
  mode: 'auto' | 'always' | 'never',
  meterProvider: MeterProvider,
  loggerProvider: LoggerProvider,
  cwd: string,
  ownLog: OwnLog,
): boolean {
  if (mode === 'never') return false;
  if (mode === 'auto' && hasOwnSdk(process.argv[1], cwd)) {
    ownLog.debug('the service has its own OpenTelemetry SDK: our providers are not registered globally');
    return false;
  }
  metrics.setGlobalMeterProvider(meterProvider);
  api.logs.setGlobalLoggerProvider(loggerProvider);
  legacyLogs.setGlobalLoggerProvider(loggerProvider);
  return true;
}

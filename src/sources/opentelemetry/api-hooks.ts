import type { Logger, MeterProvider } from '@opentelemetry/api';
import type { ModuleHook } from '../seam/module-hook.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import type { FallbackLoggerProvider, LoggerSource } from './fallback-loggers.ts';
import type { FallbackMeterProvider } from './fallback-meters.ts';
import { beforeRegistration, isRegistered } from './registration.ts';

interface MetricsApi {
  getMeterProvider: (this: MetricsApi) => MeterProvider;
}

interface LogsApi {
  getLoggerProvider: (this: LogsApi) => LoggerSource;
}

type ClassOf<Instance> = { readonly prototype: Instance };

/** A copy of the API answers with the fallback instead of the provider that does nothing. */
export function patchMetrics(exports: unknown, fallback: FallbackMeterProvider): void {
  const { prototype } = (exports as { readonly MetricsAPI: ClassOf<MetricsApi> }).MetricsAPI;
  const original = prototype.getMeterProvider;
  prototype.getMeterProvider = function getMeterProvider(this: MetricsApi): MeterProvider {
    return isRegistered('metrics') ? original.call(this) : fallback;
  };
}

/** The same for its logs, or for those of api-logs. */
export function patchLogs(exports: unknown, fallback: FallbackLoggerProvider): void {
  const { prototype } = (exports as { readonly LogsAPI: ClassOf<LogsApi> }).LogsAPI;
  const original = prototype.getLoggerProvider;
  prototype.getLoggerProvider = function getLoggerProvider(this: LogsApi): LoggerSource {
    const own = original.call(this);
    if (isRegistered('logs')) return own;
    return {
      getLogger: (name, version, options): Logger => fallback.getLogger(own, name, version, options),
    };
  };
}

/** An SDK of the service that starts finds nothing registered. */
function patchRegistration(exports: unknown, className: string, method: string): void {
  const { prototype } = (exports as Record<string, ClassOf<Record<string, (...args: unknown[]) => unknown>>>)[
    className
  ] as ClassOf<Record<string, (...args: unknown[]) => unknown>>;
  const original = prototype[method] as (...args: unknown[]) => unknown;
  prototype[method] = function register(this: unknown, ...args: unknown[]): unknown {
    beforeRegistration();
    return original.apply(this, args);
  };
}

const REGISTRATIONS = [
  ['trace', 'TraceAPI', 'setGlobalTracerProvider'],
  ['context', 'ContextAPI', 'setGlobalContextManager'],
  ['propagation', 'PropagationAPI', 'setGlobalPropagator'],
] as const;

const METRICS = [
  // 1.3 to 1.9, whatever loads them; then 1.10, whose two forms are two copies.
  '@opentelemetry/api/build/src/api/metrics.js',
  '@opentelemetry/api/dist/api/metrics.cjs',
  '@opentelemetry/api/dist/api/metrics.mjs',
];
const LOGS = [
  '@opentelemetry/api-logs/build/src/api/logs.js',
  '@opentelemetry/api/dist/api/logs.cjs',
  '@opentelemetry/api/dist/api/logs.mjs',
];

/**
 * The classes of the API behind `metrics`, `logs` and the registrations; patched before the one instance of each is made.
 * `onHandle` gets the handle of the source as soon as one is loaded.
 */
export function apiHooks(
  meters: FallbackMeterProvider,
  loggers: FallbackLoggerProvider,
  onHandle: (handle: SourceHandle) => void,
): ModuleHook[] {
  const hook = (file: string, patch: (exports: unknown) => void): ModuleHook => ({
    file,
    patch(exports, handle) {
      onHandle(handle);
      patch(exports);
    },
  });
  const registrations = REGISTRATIONS.flatMap(([name, className, method]) =>
    [`build/src/api/${name}.js`, `dist/api/${name}.cjs`, `dist/api/${name}.mjs`].map((path) =>
      hook(`@opentelemetry/api/${path}`, (exports) => patchRegistration(exports, className, method)),
    ),
  );
  return [
    ...METRICS.map((file) => hook(file, (exports) => patchMetrics(exports, meters))),
    ...LOGS.map((file) => hook(file, (exports) => patchLogs(exports, loggers))),
    ...registrations,
  ];
}

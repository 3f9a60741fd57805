/** Where the copies of the API of major version 1 register their providers (api/src/internal/global-utils.ts). */
const API = Symbol.for('opentelemetry.js.api.1');
/** Copies of lower versions find what is registered under this one. */
const API_VERSION = '1.10.0';
/** Where api-logs registers (api-logs/src/internal/global-utils.ts), and the version of that agreement. */
const API_LOGS = Symbol.for('io.opentelemetry.js.api.logs');
const API_LOGS_VERSION = 1;

const globals = globalThis as Record<symbol, unknown>;
let isOff = false;
/** What we have registered ourselves. */
const ours = new WeakSet<object>();

const isOthers = (registered: unknown): boolean =>
  registered !== undefined && !ours.has(registered as object);

/**
 * Whether somebody else has registered a provider, of whatever version. Where one is registered ours stay out of the
 * way, also for copies of the API that do not find it: without us these would not find it either.
 */
export function isRegistered(kind: 'metrics' | 'logs'): boolean {
  if (isOff) return true;
  const api = globals[API] as Readonly<Record<string, unknown>> | undefined;
  return isOthers(api?.[kind]) || (kind === 'logs' && isOthers(globals[API_LOGS]));
}

/** Whether somebody has registered a tracer provider. */
export function isTracingRegistered(): boolean {
  return (globals[API] as Readonly<Record<string, unknown>> | undefined)?.['trace'] !== undefined;
}

/** Takes the tracer provider away; the API's `disable` would leave tracers behind that find no later one. */
export function unregisterTracing(): void {
  delete (globals[API] as Record<string, unknown> | undefined)?.['trace'];
}

let stepAside: (() => void) | undefined;

/** What is done when the service starts an SDK of its own, before that registers anything. */
export function onOtherSdk(step: () => void): void {
  stepAside = step;
}

/** Somebody is about to register a tracer provider, a context manager or a propagator. */
export function beforeRegistration(): void {
  const step = stepAside;
  stepAside = undefined;
  if (!step) return;
  step();
  // Without its first registration the API takes any version for the next one.
  const api = globals[API];
  if (api && Object.keys(api).every((name) => name === 'version')) delete globals[API];
}

/** Stays out of the way from now on, whoever is registered. */
export function switchOff(): void {
  isOff = true;
}

/**
 * Registers providers for all copies of the API, also those within bundles, where nobody is registered. An SDK that
 * starts later with another version of the API then cannot register its own, tracing included.
 */
export function registerGlobally(meterProvider: object, loggerProvider: object): void {
  const api = (globals[API] ??= Object.defineProperty({}, 'version', {
    value: API_VERSION,
    enumerable: true,
  })) as Record<string, unknown>;
  api['metrics'] ??= meterProvider;
  api['logs'] ??= loggerProvider;
  const getter = (version: number): object | undefined =>
    version === API_LOGS_VERSION ? loggerProvider : undefined;
  globals[API_LOGS] ??= getter;
  for (const one of [meterProvider, loggerProvider, getter]) ours.add(one);
}

/** Where the copies of the API of major version 1 register. */
const API = Symbol.for('opentelemetry.js.api.1');
/** `suppressTracing` of `@opentelemetry/core`, of all versions. */
const SUPPRESS = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

interface ServiceContext {
  setValue(key: symbol, value: unknown): ServiceContext;
}

interface ContextManager {
  active(): ServiceContext;
  with<T>(context: ServiceContext, work: () => T): T;
}

/** Does our own work so that instrumentations of the service make no spans of it. */
export function untraced<T>(work: () => T): T {
  const api = (globalThis as Record<symbol, unknown>)[API] as
    { readonly context?: ContextManager } | undefined;
  const manager = api?.context;
  if (!manager) return work();
  let context: ServiceContext;
  try {
    context = manager.active().setValue(SUPPRESS, true);
  } catch {
    return work();
  }
  return manager.with(context, work);
}

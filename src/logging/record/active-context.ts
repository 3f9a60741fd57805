// Hot path: once a record.
import { type Context, context, ROOT_CONTEXT } from '@opentelemetry/api';

/** Where every copy of the OpenTelemetry API of major version 1 registers (api/src/internal/global-utils.ts). */
const GLOBAL = Symbol.for('opentelemetry.js.api.1');

interface ContextHolder {
  readonly context?: { active(): Context };
}

/**
 * The active context, also when the service brought an older OpenTelemetry API: our own copy does not read the
 * registrations of an older one, but contexts and span keys are the same.
 */
export function activeContext(): Context {
  const own = context.active();
  if (own !== ROOT_CONTEXT) return own;
  const holder = (globalThis as Record<symbol, unknown>)[GLOBAL] as ContextHolder | undefined;
  return holder?.context?.active() ?? own;
}

import type { Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';

type Api = typeof import('@opentelemetry/api');

/** What `trace.getTracerProvider()` answers in all versions of the API: it passes on to the provider that is registered. */
interface ProxyProvider extends TracerProvider {
  getDelegate(): TracerProvider;
  setDelegate(provider: TracerProvider | undefined): void;
}

/**
 * Makes the tracers of the registered provider ones that can be switched over: instrumentations and modules keep the
 * tracer that they got first, and an SDK that starts later is to get their spans as well. Returns how to switch to
 * whatever is registered from then on.
 */
export function switchTracers(api: Api): () => void {
  const proxy = api.trace.getTracerProvider() as ProxyProvider;
  const first = proxy.getDelegate();
  let provider: TracerProvider | undefined = first;

  function tracerOf(name: string, version?: string, options?: TracerOptions): Tracer {
    let current: Tracer | undefined;
    let from: TracerProvider | undefined;
    const tracer = (): Tracer => {
      if (!current || from !== provider) {
        from = provider;
        current = (provider ?? api.trace.getTracerProvider()).getTracer(name, version, options);
      }
      return current;
    };
    return {
      startSpan: (...args) => tracer().startSpan(...args),
      startActiveSpan: (...args: unknown[]) =>
        (tracer().startActiveSpan as (...all: unknown[]) => never)(...args),
    };
  }

  proxy.setDelegate({ getTracer: tracerOf });
  return () => {
    provider = undefined;
    proxy.setDelegate(undefined);
  };
}

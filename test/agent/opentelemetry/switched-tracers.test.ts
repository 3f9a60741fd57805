import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import * as api from '@opentelemetry/api';
import { switchTracers } from '../../../src/agent/opentelemetry/switched-tracers.ts';
import { untraced } from '../../../src/agent/opentelemetry/untraced.ts';
import { unregisterTracing } from '../../../src/sources/opentelemetry/registration.ts';

afterEach(() => {
  api.trace.disable();
  api.context.disable();
});

/** A provider that keeps the names of the spans that its tracers start. */
function recording(): { readonly provider: api.TracerProvider; readonly names: string[] } {
  const names: string[] = [];
  const startSpan = (name: string): api.Span => {
    names.push(name);
    return api.trace.wrapSpanContext(api.INVALID_SPAN_CONTEXT);
  };
  const tracer = {
    startSpan,
    startActiveSpan: (name: string, work: (span: api.Span) => unknown) => work(startSpan(name)),
  };
  return { names, provider: { getTracer: () => tracer as api.Tracer } };
}

test('O3 tracers that were used before another SDK registers make their spans there afterwards', () => {
  const [ours, theirs] = [recording(), recording()];
  api.trace.setGlobalTracerProvider(ours.provider);
  const switchOver = switchTracers(api);
  const tracer = api.trace.getTracer('shop');
  tracer.startSpan('before').end();
  const result = tracer.startActiveSpan('active', () => 'result');
  switchOver();
  unregisterTracing();
  assert.equal(api.trace.setGlobalTracerProvider(theirs.provider), true);
  tracer.startSpan('after').end();
  api.trace.getTracer('later').startSpan('later').end();
  assert.deepEqual([result, ours.names, theirs.names], ['result', ['before', 'active'], ['after', 'later']]);
});

test('our own work is done where tracing is suppressed, and as it is without a context manager', () => {
  const key = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
  const isSuppressed = (): unknown => api.context.active().getValue(key);
  assert.equal(untraced(isSuppressed), undefined);
  let active = api.ROOT_CONTEXT;
  const manager = {
    active: () => active,
    with: (context: api.Context, work: () => unknown) => {
      const before = active;
      active = context;
      try {
        return work();
      } finally {
        active = before;
      }
    },
    disable: () => manager,
  };
  api.context.setGlobalContextManager(manager as unknown as api.ContextManager);
  assert.deepEqual([untraced(isSuppressed), isSuppressed()], [true, undefined]);
});

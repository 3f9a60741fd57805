import assert from 'node:assert/strict';
import test from 'node:test';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { activeContext } from '../../../src/logging/record/active-context.ts';

const GLOBAL = Symbol.for('opentelemetry.js.api.1');
const holder = globalThis as Record<symbol, unknown>;
const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

test('without OpenTelemetry in the service there is no context', () => {
  assert.equal(activeContext(), ROOT_CONTEXT);
});

test('the span of a service that brought an older OpenTelemetry API is found', (t) => {
  const before = holder[GLOBAL];
  t.after(() => {
    holder[GLOBAL] = before;
  });
  const active = trace.setSpanContext(ROOT_CONTEXT, span);
  holder[GLOBAL] = { version: '1.9.0', context: { active: () => active } };
  assert.deepEqual(trace.getSpanContext(activeContext()), span);
});

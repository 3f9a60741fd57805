import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Alert } from '../../../src/alerts/rules/alert.ts';
import {
  initialRuleState,
  RESOLVED_RETENTION_MS,
  type RuleResult,
  type RuleState,
  step,
  type StepRule,
} from '../../../src/alerts/rules/step.ts';
import { Labels } from '../../../src/samples/labels.ts';

const LABELS = Labels.from({ alertname: 'A' });
/** An arbitrary time, so that no test depends on zero. */
const BEGIN_MS = 1_700_000_000_000;

type Input = 'on' | 'off' | 'error' | { readonly value: number };
type State = 'none' | Alert['kind'];

/** At so many seconds the condition holds or not; then the alert has this state, and this event came out. */
type Tick = readonly [second: number, input: Input, state: State, event?: string];

interface Film {
  readonly name: string;
  readonly rule: Partial<StepRule>;
  readonly ticks: readonly Tick[];
}

function resultOf(input: Input): RuleResult {
  if (input === 'error') return { kind: 'error', error: 'no such thing' };
  if (input === 'off') return { kind: 'ok', active: [] };
  const value = input === 'on' ? 1 : input.value;
  return { kind: 'ok', active: [{ labels: LABELS, annotations: { v: String(value) }, value }] };
}

const at = (second: number): number => BEGIN_MS + second * 1000;
const ruleOf = (rule: Partial<StepRule>): StepRule => ({
  forMs: 0,
  keepFiringForMs: 0,
  holdAbsent: false,
  ...rule,
});

const films: readonly Film[] = [
  {
    name: 'never active: inactive stays inactive',
    rule: {},
    ticks: [
      [0, 'off', 'none'],
      [15, 'off', 'none'],
    ],
  },
  {
    name: 'without a duration: fires in the evaluation that finds it',
    rule: {},
    ticks: [
      [0, 'on', 'firing', 'firing'],
      [15, 'on', 'firing'],
    ],
  },
  {
    name: 'inactive → pending → firing → resolved',
    rule: { forMs: 30_000 },
    ticks: [
      [0, 'off', 'none'],
      [15, 'on', 'pending', 'pending'],
      [30, 'on', 'pending'],
      [45, 'on', 'firing', 'firing'],
      [60, 'on', 'firing'],
      [75, 'off', 'resolved', 'resolved'],
      [90, 'off', 'resolved'],
    ],
  },
  {
    name: 'a duration shorter than the interval: fires in the second evaluation',
    rule: { forMs: 10_000 },
    ticks: [
      [0, 'on', 'pending', 'pending'],
      [15, 'on', 'firing', 'firing'],
    ],
  },
  {
    name: 'pending → inactive: forgotten at once, and the duration starts again',
    rule: { forMs: 30_000 },
    ticks: [
      [0, 'on', 'pending', 'pending'],
      [15, 'off', 'none', 'cancelled'],
      [30, 'on', 'pending', 'pending'],
      [45, 'on', 'pending'],
      [60, 'on', 'firing', 'firing'],
    ],
  },
  {
    name: 'resolved → firing again: a new alert',
    rule: {},
    ticks: [
      [0, 'on', 'firing', 'firing'],
      [15, 'off', 'resolved', 'resolved'],
      [30, 'on', 'firing', 'firing'],
      [45, 'off', 'resolved', 'resolved'],
    ],
  },
  {
    name: 'resolved → pending again, when the rule has a duration',
    rule: { forMs: 15_000 },
    ticks: [
      [0, 'on', 'pending', 'pending'],
      [15, 'on', 'firing', 'firing'],
      [30, 'off', 'resolved', 'resolved'],
      [45, 'on', 'pending', 'pending'],
      [60, 'off', 'none', 'cancelled'],
    ],
  },
  {
    name: 'resolved is remembered for 15 minutes',
    rule: {},
    ticks: [
      [0, 'on', 'firing', 'firing'],
      [15, 'off', 'resolved', 'resolved'],
      [15 + RESOLVED_RETENTION_MS / 1000, 'off', 'resolved'],
      [16 + RESOLVED_RETENTION_MS / 1000, 'off', 'none'],
    ],
  },
  {
    name: 'keep_firing_for: fires on for that long, then resolved',
    rule: { keepFiringForMs: 30_000 },
    ticks: [
      [0, 'on', 'firing', 'firing'],
      [15, 'off', 'firing'],
      [30, 'off', 'firing'],
      [45, 'off', 'resolved', 'resolved'],
    ],
  },
  {
    name: 'keep_firing_for: starts again after the condition was true again',
    rule: { keepFiringForMs: 30_000 },
    ticks: [
      [0, 'on', 'firing', 'firing'],
      [15, 'off', 'firing'],
      [30, 'on', 'firing'],
      [45, 'off', 'firing'],
      [60, 'off', 'firing'],
      [75, 'off', 'resolved', 'resolved'],
    ],
  },
  {
    name: 'keep_firing_for does not hold a pending alert',
    rule: { forMs: 30_000, keepFiringForMs: 60_000 },
    ticks: [
      [0, 'on', 'pending', 'pending'],
      [15, 'off', 'none', 'cancelled'],
    ],
  },
  {
    name: 'an error leaves every state as it is: pending keeps its duration, firing is not resolved',
    rule: { forMs: 30_000 },
    ticks: [
      [0, 'error', 'none'],
      [15, 'on', 'pending', 'pending'],
      [30, 'error', 'pending'],
      [45, 'on', 'firing', 'firing'],
      [60, 'error', 'firing'],
      [75, 'on', 'firing'],
      [90, 'off', 'resolved', 'resolved'],
      [105, 'error', 'resolved'],
    ],
  },
  {
    name: 'another value is the same alert',
    rule: { forMs: 15_000 },
    ticks: [
      [0, { value: 1 }, 'pending', 'pending'],
      [15, { value: 2 }, 'firing', 'firing'],
      [30, { value: 3 }, 'firing'],
    ],
  },
  {
    name: 'warm-up: what is absent stays as it is',
    rule: { forMs: 30_000, holdAbsent: true },
    ticks: [
      [0, 'on', 'pending', 'pending'],
      [15, 'off', 'pending'],
      [30, 'on', 'firing', 'firing'],
      [45, 'off', 'firing'],
      [60, 'off', 'firing'],
    ],
  },
  {
    name: 'a clock that was set back: pending starts again at the time that the clock shows',
    rule: { forMs: 30_000 },
    ticks: [
      [3600, 'on', 'pending', 'pending'],
      [0, 'on', 'pending'],
      [30, 'on', 'firing', 'firing'],
    ],
  },
  {
    name: 'a clock that was set back: firing stays firing, and ends',
    rule: { forMs: 30_000 },
    ticks: [
      [3600, 'on', 'pending', 'pending'],
      [3630, 'on', 'firing', 'firing'],
      [0, 'on', 'firing'],
      [15, 'on', 'firing'],
      [30, 'off', 'resolved', 'resolved'],
    ],
  },
];

describe('the state machine of an alert', () => {
  for (const { name, rule, ticks } of films) {
    test(name, () => {
      let state: RuleState = initialRuleState;
      for (const [second, input, wanted, event] of ticks) {
        const result = step(state, resultOf(input), at(second), ruleOf(rule));
        state = result.state;
        assert.equal(state.alerts.get(LABELS.key)?.kind ?? 'none', wanted, `state at ${second} s`);
        assert.deepEqual(
          result.events.map(({ kind }) => kind),
          event === undefined ? [] : [event],
          `events at ${second} s`,
        );
        assert.equal(state.health, input === 'error' ? 'error' : 'ok');
        assert.equal(state.error, input === 'error' ? 'no such thing' : undefined);
      }
    });
  }

  test('the times of an alert: active, fired, kept, resolved', () => {
    const rule = ruleOf({ forMs: 15_000, keepFiringForMs: 20_000 });
    let { state } = step(initialRuleState, resultOf({ value: 5 }), at(0), rule);
    const alert = (): unknown => state.alerts.get(LABELS.key);
    const common = { labels: LABELS, activeAtMs: at(0) };
    assert.deepEqual(alert(), { kind: 'pending', ...common, annotations: { v: '5' }, value: 5 });
    ({ state } = step(state, resultOf({ value: 6 }), at(15), rule));
    const fired = { ...common, annotations: { v: '6' }, value: 6, firedAtMs: at(15) };
    assert.deepEqual(alert(), { kind: 'firing', ...fired, keptSinceMs: undefined });
    ({ state } = step(state, resultOf('off'), at(30), rule));
    assert.deepEqual(alert(), { kind: 'firing', ...fired, keptSinceMs: at(30) });
    ({ state } = step(state, resultOf('off'), at(50), rule));
    assert.deepEqual(alert(), { kind: 'resolved', ...fired, resolvedAtMs: at(50) });
  });

  test('a longer duration after a reload sets a firing alert back to pending, a shorter one lets it fire', () => {
    let { state } = step(initialRuleState, resultOf('on'), at(0), ruleOf({}));
    let result = step(state, resultOf('on'), at(15), ruleOf({ forMs: 60_000 }));
    assert.deepEqual(
      result.events.map(({ kind }) => kind),
      ['pending'],
    );
    ({ state } = result);
    result = step(state, resultOf('on'), at(30), ruleOf({ forMs: 20_000 }));
    assert.deepEqual(
      result.events.map(({ kind }) => kind),
      ['firing'],
    );
  });

  test('alerts of one rule go their own ways', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => ({
      labels: Labels.from({ alertname: 'A', name }),
      annotations: {},
      value: 1,
    }));
    const rule = ruleOf({ forMs: 15_000 });
    let { state } = step(initialRuleState, { kind: 'ok', active: [a!, b!] }, at(0), rule);
    const second = step(state, { kind: 'ok', active: [b!, c!] }, at(15), rule);
    ({ state } = second);
    assert.deepEqual(
      [...state.alerts.values()].map(({ kind, labels }) => `${labels.get('name')} ${kind}`),
      ['b firing', 'c pending'],
    );
    assert.deepEqual(
      second.events.map(({ kind, alert }) => `${alert.labels.get('name')} ${kind}`),
      ['b firing', 'c pending', 'a cancelled'],
    );
  });

  test('a step changes nothing of the state that it was given', () => {
    const { state } = step(initialRuleState, resultOf('on'), at(0), ruleOf({}));
    const before = structuredClone([...state.alerts.values()].map(({ kind }) => kind));
    step(state, resultOf('off'), at(15), ruleOf({}));
    assert.deepEqual(
      [...state.alerts.values()].map(({ kind }) => kind),
      before,
    );
  });
});

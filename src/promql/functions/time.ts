import { Labels } from '../../samples/labels.ts';
import { unparen } from '../syntax/ast.ts';
import type { Vector } from '../evaluation/sample.ts';
import type { FunctionCall } from './function-call.ts';
import { type FunctionFamily, ofCall, scalarOfCall, type VectorFunction } from './function-row.ts';

const DAY_MS = 86_400_000;

/** A function of a point in time, UTC; without an argument, of the time of evaluation. */
function calendar(read: (date: Date) => number): VectorFunction {
  const of = (seconds: number): number => read(new Date(Math.trunc(seconds) * 1000));
  return ofCall((call) => {
    if (call.count === 0) {
      return [{ labels: Labels.empty, value: of(call.timeMs / 1000), dropName: false }];
    }
    return call.vector(0).map(({ labels, value }) => ({ labels, value: of(value), dropName: true }));
  });
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
}

/** The time of each sample; of anything but a plain selector that is the time of evaluation. */
function timestamp(call: FunctionCall): Vector {
  const selector = unparen(call.argument(0));
  if (selector.kind !== 'vector-selector') {
    return call.vector(0).map(({ labels }) => ({ labels, value: call.timeMs / 1000, dropName: true }));
  }
  return call.context
    .timed(selector, call.timeMs)
    .map(({ labels, timeMs }) => ({ labels, value: timeMs / 1000, dropName: true }));
}

function startTimestamp(call: FunctionCall): Vector {
  const selector = unparen(call.argument(0));
  if (selector.kind !== 'vector-selector') return [];
  return call.context
    .timed(selector, call.timeMs)
    .map(({ labels, startMs }) => ({ labels, value: startMs / 1000, dropName: true }));
}

/** Functions of time, and of the times of the query itself. */
export const timeFunctions = {
  time: scalarOfCall((call) => call.timeMs / 1000),
  timestamp: ofCall(timestamp),
  minute: calendar((date) => date.getUTCMinutes()),
  hour: calendar((date) => date.getUTCHours()),
  day_of_week: calendar((date) => date.getUTCDay()),
  day_of_month: calendar((date) => date.getUTCDate()),
  day_of_year: calendar(dayOfYear),
  days_in_month: calendar(daysInMonth),
  month: calendar((date) => date.getUTCMonth() + 1),
  year: calendar((date) => date.getUTCFullYear()),
  start_timestamp: ofCall(startTimestamp),
  start: scalarOfCall(({ context }) => context.settings.fromMs / 1000),
  end: scalarOfCall(({ context }) => context.settings.toMs / 1000),
  step: scalarOfCall(({ context }) => context.settings.stepMs / 1000),
  range: scalarOfCall(({ context }) => (context.settings.toMs - context.settings.fromMs) / 1000),
} satisfies FunctionFamily;

import { Labels } from '../../samples/labels.ts';
import { unparen } from '../syntax/ast.ts';
import type { Vector } from '../evaluation/sample.ts';
import type { FunctionCall } from './function-call.ts';
import type { FunctionRow } from './function-row.ts';

const DAY_MS = 86_400_000;

/** A function of a point in time, UTC; without an argument, of the time of evaluation. */
function calendar(name: string, read: (date: Date) => number): FunctionRow {
  const of = (seconds: number): number => read(new Date(Math.trunc(seconds) * 1000));
  return {
    kind: 'vector',
    name,
    args: ['vector'],
    variadic: 1,
    returns: 'vector',
    apply: (call) => {
      if (call.count === 0) {
        return [{ labels: Labels.empty, value: of(call.timeMs / 1000), dropName: false }];
      }
      return call.vector(0).map(({ labels, value }) => ({ labels, value: of(value), dropName: true }));
    },
  };
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

function scalar(name: string, apply: (call: FunctionCall) => number, experimental = true): FunctionRow {
  return { kind: 'scalar', name, args: [], returns: 'scalar', experimental, apply };
}

/** Functions of time, and of the times of the query itself. */
export const timeFunctions: readonly FunctionRow[] = [
  scalar('time', (call) => call.timeMs / 1000, false),
  { kind: 'vector', name: 'timestamp', args: ['vector'], returns: 'vector', apply: timestamp },
  calendar('minute', (date) => date.getUTCMinutes()),
  calendar('hour', (date) => date.getUTCHours()),
  calendar('day_of_week', (date) => date.getUTCDay()),
  calendar('day_of_month', (date) => date.getUTCDate()),
  calendar('day_of_year', dayOfYear),
  calendar('days_in_month', daysInMonth),
  calendar('month', (date) => date.getUTCMonth() + 1),
  calendar('year', (date) => date.getUTCFullYear()),
  {
    kind: 'vector',
    name: 'start_timestamp',
    args: ['vector'],
    returns: 'vector',
    experimental: true,
    apply: startTimestamp,
  },
  scalar('start', ({ context }) => context.settings.fromMs / 1000),
  scalar('end', ({ context }) => context.settings.toMs / 1000),
  scalar('step', ({ context }) => context.settings.stepMs / 1000),
  scalar('range', ({ context }) => (context.settings.toMs - context.settings.fromMs) / 1000),
];

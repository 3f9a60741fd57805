import { Matcher, type MatchOperator } from '../../../promql/syntax/matchers/matcher.ts';
import { parse, PromqlError } from '../../../promql/index.ts';
import type { AlertUpdate } from '../alert-update.ts';

/** Conditions on the labels of an alert, `alertname` among them, that must all hold. */
export type Matchers = readonly Matcher[];

/** Matchers that cannot be read; line and column count from 1 in the text. */
export class MatcherError extends Error {
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.name = 'MatcherError';
    this.column = column;
  }
}

/**
 * Reads matchers as PromQL writes them between braces: `alertname="DiskFull", severity=~"warning|info"`; braces may be
 * there or not. Throws a `MatcherError`. As in PromQL one of them has to rule out the empty value, so that nobody mutes
 * everything by mistake.
 */
export function readMatchers(text: string): Matchers {
  const braced = text.trim().startsWith('{');
  try {
    const { root } = parse(braced ? text : `{${text}}`);
    if (root.kind === 'vector-selector' && root.name === '') return root.matchers;
    throw new MatcherError('expected only matchers', 1);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    throw new MatcherError(error.message, Math.max(1, error.column - (braced ? 0 : 1)));
  }
}

export function matcherOf(name: string, op: MatchOperator, value: string): Matcher {
  return new Matcher(name, op, value);
}

const labelOf = ({ name, labels }: AlertUpdate, label: string): string =>
  label === 'alertname' ? name : (labels[label] ?? '');

/** True when the alert fits all matchers. */
export function fits(alert: AlertUpdate, matchers: Matchers): boolean {
  return matchers.every((matcher) => matcher.matches(labelOf(alert, matcher.name)));
}

/** While an alert fits `source`, those that fit `target` and agree with it in the labels `equal` are muted. */
export interface Inhibition {
  readonly source: Matchers;
  readonly target: Matchers;
  readonly equal: readonly string[];
}

/**
 * The ids of the firing alerts that another one mutes. An alert that fits both sides is not muted by
 * one that does as well, so that two never mute each other (Alertmanager, inhibit).
 */
export function inhibited(firing: readonly AlertUpdate[], rules: readonly Inhibition[]): ReadonlySet<string> {
  const muted = new Set<string>();
  for (const { source, target, equal } of rules) {
    const sources = firing.filter((alert) => fits(alert, source));
    if (sources.length === 0) continue;
    const keyOf = (alert: AlertUpdate): string => JSON.stringify(equal.map((label) => labelOf(alert, label)));
    const all = new Set(sources.map(keyOf));
    const onlySources = new Set(sources.filter((alert) => !fits(alert, target)).map(keyOf));
    for (const alert of firing) {
      if (!fits(alert, target)) continue;
      const by = fits(alert, source) ? onlySources : all;
      if (by.has(keyOf(alert))) muted.add(alert.id);
    }
  }
  return muted;
}

const named = (...names: readonly string[]): Matchers => [matcherOf('alertname', '=~', names.join('|'))];

/** Of the default rules: what follows from something worse, of which people are notified anyway. */
export const defaultInhibitions: readonly Inhibition[] = [
  {
    source: named('EventLoopBlocked'),
    target: named('EventLoopLag', 'EventLoopSaturated', 'SlowResponses', 'ClientsGiveUp'),
    equal: [],
  },
  { source: named('DiskFull'), target: named('DiskAlmostFull'), equal: [] },
  { source: named('CriticalLogged'), target: named('ErrorsLogged'), equal: ['application'] },
  // The same alert at two levels, as with two rules of one name and two thresholds.
  {
    source: [matcherOf('severity', '=', 'critical')],
    target: [matcherOf('severity', '=~', 'warning|info')],
    equal: ['alertname', 'category'],
  },
];

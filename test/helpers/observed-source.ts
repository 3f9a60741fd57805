import type { TestContext } from 'node:test';
import { readSettings } from '../../src/config/read-settings.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { observableOf } from '../../src/metrics/instruments.ts';
import type { BridgedRecord } from '../../src/logging/log-bridge.ts';
import { SourceBridge } from '../../src/sources/seam/source-bridge.ts';
import type { SourceRow } from '../../src/sources/seam/source.ts';
import type { CollectedMetrics } from './collected-metrics.ts';

/** Sources at work, and what they reported besides metrics. */
export interface ObservedSources {
  readonly bridge: SourceBridge;
  /** As the agent does. */
  readonly start: () => void;
  readonly errors: readonly unknown[];
  readonly switchedOff: readonly string[];
  readonly records: readonly BridgedRecord[];
  /** How often something woke the agent. */
  readonly wakes: () => number;
}

/** The rows on a bridge of their own, not yet started; stopped after the test. */
export function sourcesOf(
  t: TestContext,
  { recorder, meter }: CollectedMetrics,
  rows: readonly SourceRow[],
): ObservedSources {
  const errors: unknown[] = [];
  const switchedOff: string[] = [];
  const records: BridgedRecord[] = [];
  let wakes = 0;
  const bridge = new SourceBridge(rows, (how) => {
    if (how) wakes += 1;
  });
  t.after(() => bridge.stop());
  return {
    bridge,
    errors,
    switchedOff,
    records,
    wakes: () => wakes,
    start: () =>
      bridge.start({
        recorder,
        meter,
        observable: (key) => observableOf(meter, catalogue[key]),
        logging: { record: (record) => void records.push(record) },
        settings: readSettings({}, () => '').settings,
        onError: (_source, error) => errors.push(error),
        onSwitchedOff: (source) => switchedOff.push(source),
      }),
  };
}

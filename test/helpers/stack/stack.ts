import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd } from './at-end.ts';
import { freeAddresses } from '../../../scripts/stack/addresses.ts';
import type { EditConfiguration } from '../../../scripts/stack/native-spec.ts';
import {
  missingPrograms,
  sayMissing,
  startNativeStack,
  type NativeStack,
} from '../../../scripts/stack/native-stack.ts';
import type { ServiceName } from '../../../scripts/stack/services.ts';

/** For the option `skip` of a test: which programs are missing and why, or false when all are there. */
export function unlessBuilt(services: readonly ServiceName[]): string | false {
  const missing = missingPrograms(services);
  return missing.length > 0 && sayMissing(missing);
}

/** A folder that goes with the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-stack-'));
  atEnd(context, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Prometheus looks every second in place of every 15: the one change that tests make to our configuration. */
export const everySecond: EditConfiguration = (path, text) =>
  path.endsWith('/prometheus.yml')
    ? text
        .replace('scrape_interval: 15s', 'scrape_interval: 1s')
        .replace('refresh_interval: 5s', 'refresh_interval: 1s')
    : text;

export interface TestStackOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly edit?: EditConfiguration;
  /** Default: a folder that goes with the test. */
  readonly folder?: string;
  /** Where log records go in place of VictoriaLogs. */
  readonly lokiUrl?: string;
}

/** The named services as native programs on free ports. */
export async function startTestStack(
  context: TestContext,
  services: readonly ServiceName[],
  options: TestStackOptions = {},
): Promise<NativeStack> {
  const stack = await startNativeStack({
    services,
    folder: temporaryFolder(context),
    addresses: await freeAddresses(),
    edit: everySecond,
    ...options,
  });
  atEnd(context, async () => stack.stop());
  return stack;
}

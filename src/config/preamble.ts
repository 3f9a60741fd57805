import type { Settings } from './read-settings.ts';
import type { SettingRow } from './setting.ts';
import { type SettingKey, settingRows } from './settings.ts';
import { withoutCredentials } from '../address/masked.ts';

/** Addresses with credentials can stand in any text, also in a list of them. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return withoutCredentials(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]));
  return value;
}

/**
 * The one record at start: version, Node, service, and every setting in force by the name of its variable.
 * Secrets are `[REDACTED]`; settings that are not set are left out.
 */
export function preamble(
  settings: Settings,
  facts: { readonly version: string; readonly node: string; readonly service: string; readonly pid: number },
): Record<string, unknown> {
  const inForce: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(settingRows) as [SettingKey, SettingRow][]) {
    const value = settings[key];
    if (value === undefined) continue;
    inForce[row.name] = row.secret ? '[REDACTED]' : shown(value);
  }
  return { ...facts, settings: inForce };
}

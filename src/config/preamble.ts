import type { Settings } from './read-settings.ts';
import type { SettingRow } from './setting.ts';
import { type SettingKey, settingRows } from './settings.ts';

/** Credentials can stand in an address: `http://user:pass@host`. */
function withoutUserInfo(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\/\/[^/@\s]*@/, '//[REDACTED]@') : value;
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
    inForce[row.name] = row.secret ? '[REDACTED]' : withoutUserInfo(value);
  }
  return { ...facts, settings: inForce };
}

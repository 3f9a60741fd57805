import type { Settings } from './read-settings.ts';
import type { SettingRow } from './setting.ts';
import { type SettingKey, settingRows } from './settings.ts';
import { REDACTED, withoutCredentials } from '../address/masked.ts';

/** Addresses with credentials can stand in any text, also in a list of them. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return withoutCredentials(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]));
  return value;
}

/** Attributes that name the service, not whatever else somebody put there. */
const SERVICE_ATTRIBUTE = /^(?:service|deployment)\./;

function shownAttributes(attributes: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      SERVICE_ATTRIBUTE.test(name) ? shown(value) : REDACTED,
    ]),
  );
}

/**
 * The one record at start: version, Node, service, and every setting in force by the name of its variable.
 * Secrets are `[REDACTED]`, each value by itself, as are attributes of the resource that do not name the service; settings that are not set are left out.
 */
export function preamble(
  settings: Settings,
  facts: { readonly version: string; readonly node: string; readonly service: string; readonly pid: number },
): Record<string, unknown> {
  const inForce: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(settingRows) as [SettingKey, SettingRow][]) {
    const value = settings[key];
    if (value === undefined) continue;
    if (row.secret) inForce[row.name] = REDACTED;
    else if (key === 'resourceAttributes')
      inForce[row.name] = shownAttributes(value as Readonly<Record<string, string>>);
    else inForce[row.name] = shown(value);
  }
  return { ...facts, settings: inForce };
}

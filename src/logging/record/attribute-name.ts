import { boundedName } from '../../own-log/bounded-name.ts';
import { limits } from './limits.ts';

/**
 * Names that the record itself has, or from which Loki reads the level (`log_level_fields`): an extra of this
 * name would hide the real one and is written as `ctx.<name>`.
 */
const RESERVED = new Set([
  'level',
  'lvl',
  'log.level',
  'severity',
  'severity_text',
  'severity_number',
  'detected_level',
  'timestamp',
  'observed_timestamp',
  'logger',
  'message',
  'module',
  'function',
  'line',
  'application',
  'log.record.uid',
  'event.name',
  'service_name',
  'scope_name',
  'scope_version',
  'trace_id',
  'span_id',
  'flags',
]);

/** The name of an extra as it is written: bounded, and no two of one record alike. */
export function attributeName(key: string): string {
  const bounded = boundedName(key, limits.keyChars);
  // `ctx.level` would meet a `level` that is written so.
  const bare = bounded.replace(/^(?:ctx\.)+/, '').toLowerCase();
  return RESERVED.has(bare) ? `ctx.${bounded}` : bounded;
}

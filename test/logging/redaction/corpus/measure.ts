import { createRedactedJson } from '../../../../src/logging/redaction/redacted-json.ts';
import { redactText } from '../../../../src/logging/redaction/redact-text.ts';
import { type HarmlessRow, isHeldOut, type Logged, type SecretRow } from './corpus.ts';

const json = createRedactedJson(redactText);

/** What is written of a text or of extras. */
export function written(logged: Logged): string {
  return 'text' in logged ? redactText(logged.text) : `{${json.attributes(logged.extras)}}`;
}

/** Rows whose secret can be seen in what is written. */
export function leaks(rows: readonly SecretRow[]): SecretRow[] {
  return rows.filter(({ logged, secrets }) => {
    const out = written(logged);
    return secrets.some((secret) => out.includes(secret));
  });
}

/** Rows of which something was taken. */
export function touched(rows: readonly HarmlessRow[]): HarmlessRow[] {
  return rows.filter(({ logged }) => written(logged).includes('[REDACTED]'));
}

export const built = <T>(rows: readonly T[]): T[] => rows.filter((_, at) => !isHeldOut(at));
export const heldOut = <T>(rows: readonly T[]): T[] => rows.filter((_, at) => isHeldOut(at));

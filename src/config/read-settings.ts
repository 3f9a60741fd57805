import { type Problem, problem } from '../errors.ts';
import { nearest } from './nearest-name.ts';
import { parseValue, type SettingValue } from './parse-value.ts';
import type { SettingRow, SettingType } from './setting.ts';
import { type SettingKey, settingRows } from './settings.ts';
import { maskedAddress, withoutCredentials } from '../address/masked.ts';

type ValueOf<T extends SettingType> = T extends { kind: 'boolean' }
  ? boolean
  : T extends { kind: 'integer' | 'duration' | 'bytes' }
    ? number
    : T extends { kind: 'choice'; choices: readonly (infer C)[] }
      ? C
      : T extends { kind: 'choices'; choices: readonly (infer C)[] }
        ? readonly C[]
        : T extends { kind: 'list' }
          ? readonly string[]
          : T extends { kind: 'pairs' }
            ? Readonly<Record<string, string>>
            : string;

type Rows = typeof settingRows;

/**
 * The settings of one process, read once and never changed. Durations are milliseconds, sizes bytes.
 * A setting without a default and not set is `undefined`.
 */
export type Settings = {
  readonly [K in SettingKey]: Rows[K] extends { default: string }
    ? ValueOf<Rows[K]['type']>
    : ValueOf<Rows[K]['type']> | undefined;
};

export interface SettingsReading {
  readonly settings: Settings;
  /** Malformed or unknown variables; for each the default is in force. */
  readonly problems: readonly Problem[];
}

type ReadFile = (path: string) => string;

/** Unknown variables with these prefixes are most likely misspelt. */
const OWN_PREFIXES = ['MONITORING_', 'SMTP_'];
/** Other packages read variables with this prefix: only one that is almost ours is reported. */
const SHARED_PREFIX = 'OTEL_';
const SHARED_MAX_STEPS = 2;
const OWN_MAX_STEPS = 4;

/** The unknown variables, each with the known name that is most likely meant. */
function unknownNames(
  env: NodeJS.ProcessEnv,
): readonly (readonly [name: string, meant: string | undefined])[] {
  const known = new Set<string>();
  for (const row of Object.values(settingRows) as SettingRow[]) {
    known.add(row.name);
    if (row.secret) known.add(`${row.name}_FILE`);
  }
  const names = [...known];
  return Object.keys(env)
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const isOwn = OWN_PREFIXES.some((prefix) => name.startsWith(prefix));
      if (!isOwn && !name.startsWith(SHARED_PREFIX)) return [];
      const meant = nearest(name, names, isOwn ? OWN_MAX_STEPS : SHARED_MAX_STEPS);
      if (!isOwn) return meant === undefined ? [] : [[name, meant] as const];
      return [[name, meant ?? names.find((longer) => longer.startsWith(name))] as const];
    });
}

function textOf(
  row: SettingRow,
  env: NodeJS.ProcessEnv,
  readFile: ReadFile,
  problems: Problem[],
): string | undefined {
  const text = env[row.name];
  if (text !== undefined && text !== '') return text;
  const path = row.secret ? env[`${row.name}_FILE`] : undefined;
  if (path === undefined || path === '') return undefined;
  try {
    return readFile(path).replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(
      problem('MON_CONFIG_SECRET_FILE', {
        where: `${row.name}_FILE`,
        path,
        got: (error as Error).message,
      }),
    );
    return undefined;
  }
}

/** What a message may show of a value that could not be read. */
function shown(row: SettingRow, text: string): string {
  if (row.secret) return '[REDACTED]';
  return row.type.kind === 'url' ? maskedAddress(text) : withoutCredentials(text);
}

function parsedDefault(row: SettingRow): SettingValue | undefined {
  if (row.default === undefined) return undefined;
  const parsed = parseValue(row.default, row.type);
  if (!parsed.ok) throw new TypeError(`default of ${row.name}: expected ${parsed.expected}`);
  return parsed.value;
}

/**
 * Reads all settings from an environment. Pure but for `readFile`, which reads the files that `<name>_FILE`
 * variables of secrets name. An empty variable counts as not set (OpenTelemetry specification).
 */
export function readSettings(env: NodeJS.ProcessEnv, readFile: ReadFile): SettingsReading {
  const problems: Problem[] = [];
  const settings: Partial<Record<SettingKey, SettingValue | undefined>> = {};
  for (const [key, row] of Object.entries(settingRows) as [SettingKey, SettingRow][]) {
    const text = textOf(row, env, readFile, problems);
    const parsed = text === undefined ? undefined : parseValue(text.trim(), row.type);
    if (parsed?.ok) {
      settings[key] = parsed.value;
      continue;
    }
    settings[key] = parsedDefault(row);
    if (parsed) {
      const got = shown(row, String(text));
      const fallback = row.default ?? 'no value';
      problems.push(
        problem('MON_CONFIG_VALUE', { where: row.name, got, expected: parsed.expected, fallback }),
      );
    }
  }
  for (const [name, meant] of unknownNames(env)) {
    const where = meant === undefined ? name : `${name} (did you mean ${meant}?)`;
    problems.push(problem('MON_CONFIG_UNKNOWN', { where }));
  }
  return { settings: settings as unknown as Settings, problems };
}

import { randomUUID } from 'node:crypto';
import { type Checked, ShapeError } from '../../state/checked.ts';
import type { AlertUpdate } from '../alert-update.ts';
import { fits, type Matchers, readMatchers } from './muting.ts';

/** Alerts that fit are muted from `startsAtMs` to `endsAtMs`. */
export interface Silence {
  readonly id: string;
  /** As written: `alertname="DiskFull", severity=~"warning|info"`. */
  readonly matchers: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly comment: string;
  readonly createdBy: string;
}

/** Bounds of what one silence, and all that have not ended, may cost: each is asked for each alert. */
const MAX_SILENCES = 200;
const MAX_PATTERNS = 2000; // instructions of the patterns of one silence
const MAX_MATCHERS_CHARS = 10_000;
const MAX_TEXT_CHARS = 1000; // comment, author

/** A silence that cannot be taken in; the message has the reason. */
export class SilenceError extends Error {
  /** What the message is about: `matchers`, `comment` and so on. */
  readonly field: string;
  readonly expected: string;

  constructor(field: string, expected: string) {
    super(`${field}: expected ${expected}`);
    this.name = 'SilenceError';
    this.field = field;
    this.expected = expected;
  }
}

/** Fields come from other processes, and are kept: their types are checked as well. Throws a `TypeError` for those. */
function checkFields({ matchers, comment, createdBy, startsAtMs, endsAtMs }: Omit<Silence, 'id'>): void {
  const texts = { matchers, comment, createdBy };
  for (const [field, value] of Object.entries(texts)) {
    if (typeof value !== 'string') throw new TypeError(`${field} is no text`);
    const most = field === 'matchers' ? MAX_MATCHERS_CHARS : MAX_TEXT_CHARS;
    if (value.length > most) throw new SilenceError(field, `a text of at most ${most} characters`);
  }
  if (!Number.isFinite(startsAtMs) || !Number.isFinite(endsAtMs)) throw new TypeError('times are no numbers');
}

function readChecked(text: string): Matchers {
  const matchers = readMatchers(text);
  const size = matchers.reduce((sum, matcher) => sum + matcher.size, 0);
  if (size > MAX_PATTERNS) throw new SilenceError('matchers', 'regular expressions that are not too large');
  return matchers;
}

export type SilenceState = 'pending' | 'active' | 'expired';

/** Ended silences are listed for this long (Alertmanager, --data.retention). */
const RETENTION_MS = 432_000_000; // 5 days

export function silenceState({ startsAtMs, endsAtMs }: Silence, nowMs: number): SilenceState {
  if (nowMs >= endsAtMs) return 'expired';
  return nowMs < startsAtMs ? 'pending' : 'active';
}

interface Held {
  readonly silence: Silence;
  readonly matchers: Matchers;
}

/** The silences of one monitor. */
export class SilenceStore {
  #held: readonly Held[] = [];

  /**
   * Adds a silence and answers it with its id; throws a `MatcherError` for matchers that cannot be read, and a
   * `SilenceError` for what is too large, or one too many.
   */
  add(fields: Omit<Silence, 'id'>): Silence {
    checkFields(fields);
    const matchers = readChecked(fields.matchers);
    const open = this.#held.filter(({ silence }) => silenceState(silence, fields.startsAtMs) !== 'expired');
    if (open.length >= MAX_SILENCES) throw new SilenceError('silences', `at most ${MAX_SILENCES} at a time`);
    if (!(fields.endsAtMs > fields.startsAtMs)) throw new RangeError('a silence must end after it begins');
    const silence: Silence = { ...fields, id: randomUUID() };
    this.#held = [...this.#held, { silence, matchers }];
    return silence;
  }

  /** Ends a silence now; answers false when none that has not ended has this id. */
  remove(id: string, nowMs: number): boolean {
    const found = this.#held.some(
      ({ silence }) => silence.id === id && silenceState(silence, nowMs) !== 'expired',
    );
    this.#held = this.#held.map((held) =>
      held.silence.id === id
        ? { ...held, silence: { ...held.silence, endsAtMs: Math.min(held.silence.endsAtMs, nowMs) } }
        : held,
    );
    return found;
  }

  /** All that are not long ended, the newest last. */
  list(nowMs: number): readonly Silence[] {
    this.#held = this.#held.filter(({ silence }) => nowMs - silence.endsAtMs < RETENTION_MS);
    return this.#held.map(({ silence }) => silence);
  }

  /** The silence that mutes an alert now. */
  of(alert: AlertUpdate, nowMs: number): Silence | undefined {
    return this.#held.find(
      ({ silence, matchers }) => silenceState(silence, nowMs) === 'active' && fits(alert, matchers),
    )?.silence;
  }

  /** When a silence next begins or ends: what it mutes changes then. */
  nextChangeMs(nowMs: number): number | undefined {
    const times = this.#held
      .flatMap(({ silence }) => [silence.startsAtMs, silence.endsAtMs])
      .filter((atMs) => atMs > nowMs);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  save(): unknown {
    return this.#held.map(({ silence }) => silence);
  }

  /** Reads saved silences; throws a `ShapeError`. Use `replace` with the answer once everything else is read. */
  static read(saved: Checked): readonly Silence[] {
    if (saved.isAbsent) return [];
    return saved.list().map((entry) => ({
      id: entry.get('id').text(),
      matchers: SilenceStore.#readable(entry.get('matchers').text()),
      startsAtMs: entry.get('startsAtMs').number(),
      endsAtMs: entry.get('endsAtMs').number(),
      comment: entry.get('comment').text(),
      createdBy: entry.get('createdBy').text(),
    }));
  }

  replace(silences: readonly Silence[]): void {
    this.#held = silences.map((silence) => ({ silence, matchers: readMatchers(silence.matchers) }));
  }

  static #readable(text: string): string {
    try {
      readMatchers(text);
      return text;
    } catch (error) {
      throw new ShapeError(`matchers of a silence: ${(error as Error).message}`, { cause: error });
    }
  }
}

// Hot path: `next` once a record, without BigInt; the text of a millisecond is rendered when it changes.
import { randomBytes } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const NS_PER_MS = 1_000_000;
/** A clock set back further than this is believed: waiting for it would freeze the time of all records. */
const MAX_HELD_BACK_MS = 1000;

const PAIRS: readonly string[] = Array.from(
  { length: 1024 },
  (_, value) => CROCKFORD.charAt(value >> 5) + CROCKFORD.charAt(value & 31),
);

/** The value in Crockford's base 32, left-padded with zeros. */
function base32(value: number, digits: number): string {
  let text = '';
  let rest = value;
  for (let digit = 0; digit < digits; digit++) {
    text = CROCKFORD.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

export interface RecordClock {
  /** Moves on; afterwards the fields below are those of the new record. */
  next(): void;
  readonly atMs: number;
  /** Nanoseconds within the millisecond, 0 to 999,999. */
  readonly subNs: number;
  /** ULID of the record (https://github.com/ulid/spec), increasing within the process. */
  readonly uid: string;
}

/**
 * Time and identity of the records of one process: strictly increasing nanoseconds, because Loki drops records of
 * equal time and text, and monotonic ULIDs. Node's wall clock has milliseconds; the nanoseconds count the records
 * within one. A clock that jumps back by more than a second is followed, any smaller step is held.
 */
export function createRecordClock(now: () => number = Date.now): RecordClock {
  // 80 random bits as the ULID has them: 50 are fixed for the process, 30 count up from a random start.
  const seed = randomBytes(11);
  let fixed = '';
  for (let index = 0; index < 10; index++) fixed += CROCKFORD.charAt((seed[index] ?? 0) & 31);
  let counter = randomBytes(4).readUInt32BE() >>> 3;
  let prefix = '';
  let prefixMs = -1;
  let prefixHigh = -1;

  const clock = {
    atMs: 0,
    subNs: 0,
    uid: '',
    next(): void {
      const atMs = now();
      if (atMs > clock.atMs || clock.atMs - atMs > MAX_HELD_BACK_MS) {
        clock.atMs = atMs;
        clock.subNs = 0;
      } else if (++clock.subNs === NS_PER_MS) {
        clock.atMs++;
        clock.subNs = 0;
      }
      counter = (counter + 1) & 0x3fff_ffff;
      const high = counter >> 10;
      if (clock.atMs !== prefixMs || high !== prefixHigh) {
        prefixMs = clock.atMs;
        prefixHigh = high;
        prefix = base32(prefixMs, 10) + fixed + base32(high, 4);
      }
      clock.uid = prefix + PAIRS[counter & 1023];
    },
  };
  return clock;
}

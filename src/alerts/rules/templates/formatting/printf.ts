import { formatValue, type GoValue, MAX_TEXT, TextTooLong, typeName } from '../value.ts';
import { formatWith } from './verbs.ts';

/** Go's own limit of widths and precisions. */
const MAX_NUMBER = 1_000_000;

const INDEX = /\[(\d{1,7})\]/y;
const DIGITS = /\d+/y;

/** Reads one format after the other, as Go's `doPrintf`. */
class Formatter {
  readonly #format: string;
  readonly #args: readonly GoValue[];
  #at = 0;
  #next = 0;
  #isReordered = false;
  #isGood = true;

  constructor(format: string, args: readonly GoValue[]) {
    this.#format = format;
    this.#args = args;
  }

  run(): string {
    let result = '';
    while (this.#at < this.#format.length) {
      const percent = this.#format.indexOf('%', this.#at);
      if (percent < 0) {
        result += this.#format.slice(this.#at);
        break;
      }
      result += this.#format.slice(this.#at, percent);
      this.#at = percent + 1;
      result += this.#verb();
      if (result.length > MAX_TEXT) throw new TextTooLong();
    }
    if (this.#isReordered || this.#next >= this.#args.length) return result;
    const extra = this.#args.slice(this.#next);
    const texts = extra.map((value) =>
      value === null ? '<nil>' : `${typeName(value)}=${formatValue(value)}`,
    );
    return `${result}%!(EXTRA ${texts.join(', ')})`;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#format);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  /** `[n]` before a width, a precision or a verb chooses the argument. */
  #index(): void {
    if (this.#format[this.#at] !== '[') return;
    this.#isReordered = true;
    const found = this.#match(INDEX);
    const number = Number(found?.[1] ?? 0);
    if (found === null || number < 1 || number > this.#args.length) {
      this.#isGood = false;
      const end = this.#format.indexOf(']', this.#at);
      this.#at = found !== null ? this.#at : end < 0 ? this.#at + 1 : end + 1;
      return;
    }
    this.#next = number - 1;
  }

  /** A number in the format, or with `*` the next argument. */
  #number(): { readonly value: number | undefined; readonly isBad: boolean } {
    if (this.#format[this.#at] === '*') {
      this.#at++;
      const given = this.#args[this.#next];
      if (this.#next < this.#args.length) this.#next++;
      const value = typeof given === 'bigint' ? Number(given) : Number.NaN;
      const isBad = !(Math.abs(value) <= MAX_NUMBER);
      return { value: isBad ? undefined : value, isBad };
    }
    const digits = this.#match(DIGITS)?.[0];
    if (digits === undefined) return { value: undefined, isBad: false };
    const value = Number(digits);
    if (value / 10 <= MAX_NUMBER) return { value, isBad: false };
    // As Go, which gives up on the rest of the format.
    this.#at = this.#format.length;
    return { value: undefined, isBad: false };
  }

  #verb(): string {
    let prefix = '';
    let flags = this.#match(/[-+# 0]*/y)?.[0] ?? '';
    this.#isGood = true;
    this.#index();
    const width = this.#number();
    if (width.isBad) prefix += '%!(BADWIDTH)';
    let columns = width.value;
    if (columns !== undefined && columns < 0) {
      columns = -columns;
      flags += '-';
    }
    let precision: number | undefined;
    if (this.#format[this.#at] === '.') {
      this.#at++;
      this.#index();
      const found = this.#number();
      precision = found.value ?? (found.isBad ? undefined : 0);
      if (precision !== undefined && precision < 0) {
        precision = undefined;
        prefix += '%!(BADPREC)';
      }
      if (found.isBad) prefix += '%!(BADPREC)';
    }
    this.#index();
    if (this.#at >= this.#format.length) return `${prefix}%!(NOVERB)`;
    const verb = String.fromCodePoint(this.#format.codePointAt(this.#at)!);
    this.#at += verb.length;
    if (verb === '%') return `${prefix}%`;
    if (!this.#isGood) return `${prefix}%!${verb}(BADINDEX)`;
    if (this.#next >= this.#args.length) return `${prefix}%!${verb}(MISSING)`;
    // A minus takes the zeros away: they would be behind the number.
    const kept = flags.includes('-') ? flags.replaceAll('0', '') : flags;
    const value = this.#args[this.#next++]!;
    return prefix + formatWith(value, { flags: kept, width: columns, precision, verb });
  }
}

/** Go's `fmt.Sprintf` for the values that templates have; a verb that does not fit prints Go's `%!verb(type=value)`. */
export function sprintf(format: string, args: readonly GoValue[]): string {
  return new Formatter(format, args).run();
}

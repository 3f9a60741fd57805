/** Bytes of one rule file; 5,000 rules take about 1 MB. */
export const MAX_FILE_BYTES = 2_097_152; // 2 MiB
/** Characters that begin, end or separate nodes: what a YAML parser makes objects of, which take memory and time. */
const MAX_STRUCTURE = 250_000;

/** A file that is not read any further; the message has the reason. */
export class FileTextError extends Error {
  /** Where it stopped, from 1; not given: the file as a whole. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, line?: number, column?: number) {
    super(message);
    this.name = 'FileTextError';
    this.line = line;
    this.column = column;
  }
}

/** Length of the sequence that begins at an index; 0 when it is no UTF-8 (RFC 3629). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let i = 1; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  return first === 0xf4 && second > 0x8f ? 0 : length;
}

function notUtf8(bytes: Uint8Array): FileTextError {
  let at = 0;
  let line = 1;
  let column = 1;
  for (let length = sequenceLength(bytes, at); at < bytes.length && length > 0;) {
    if (bytes[at] === 0x0a) {
      line++;
      column = 1;
    } else {
      column += length === 4 ? 2 : 1;
    }
    at += length;
    if (at < bytes.length) length = sequenceLength(bytes, at);
  }
  const byte = `0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
  return new FileTextError(`byte ${byte}, which is not UTF-8`, line, column);
}

/** The text of a file. Throws a `FileTextError` with the position of the first byte that is not UTF-8. */
export function decodeFile(content: Uint8Array | string): string {
  if (content.length > MAX_FILE_BYTES) throw new FileTextError(`more than ${MAX_FILE_BYTES} bytes`);
  if (typeof content === 'string') return content;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw notUtf8(content);
  }
}

/** Throws a `FileTextError` for a text that would become too many nodes; asked before it is parsed. */
export function checkStructure(text: string): void {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.codePointAt(i)) {
      case 0x0a: // line break
      case 0x26: // &
      case 0x2a: // *
      case 0x2c: // ,
      case 0x2d: // -
      case 0x3a: // :
      case 0x5b: // [
      case 0x7b: // {
        count++;
        break;
      default:
        break;
    }
  }
  if (count > MAX_STRUCTURE) throw new FileTextError(`more than ${MAX_STRUCTURE} entries`);
}

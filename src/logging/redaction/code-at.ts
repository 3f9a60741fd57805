/** The code of the character at `at`; 0 outside of the text, where `charCodeAt` gives NaN and V8 would turn every code into a double. */
export function codeAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : 0;
}

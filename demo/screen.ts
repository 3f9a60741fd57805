import { clearLine, cursorTo } from 'node:readline';
import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** The output of the demo: lines, and one status line that is rewritten on a terminal. */
export interface Screen {
  /** Usable width in columns. */
  readonly width: number;
  line(text?: string): void;
  status(text: string): void;
  style(style: Style, text: string): string;
}

const WIDEST = 84;
const NARROWEST = 30;
/** Interval of status lines if they cannot be rewritten. */
const STATUS_PAUSE_MS = 5000;

/** Cuts to `width` columns; the text carries no escape sequences. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Breaks at blanks into lines of at most `width` columns, and inside of words that are longer. */
export function wrap(text: string, width: number): readonly string[] {
  const words = text
    .split(/\s+/)
    .flatMap((word) =>
      Array.from({ length: Math.ceil(word.length / width) }, (_, n) =>
        word.slice(n * width, (n + 1) * width),
      ),
    );
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A box of `width` columns round lines, with a title in its upper edge. */
export function box(title: string, lines: readonly string[], width: number): readonly string[] {
  const inner = width - 4;
  const head = cut(title, inner - 2);
  return [
    `╭─ ${head} ${'─'.repeat(inner - head.length - 1)}╮`,
    ...lines.map((line) => `│ ${cut(line, inner).padEnd(inner)} │`),
    `╰${'─'.repeat(width - 2)}╯`,
  ];
}

/** Prints on `out`; colours follow NO_COLOR, FORCE_COLOR and whether it is a terminal. */
export function openScreen(
  out: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
): Screen {
  const rewritable = out.isTTY && env['TERM'] !== 'dumb';
  let statusShown = false;
  let statusAtMs = now();

  function clear(): void {
    if (!statusShown) return;
    cursorTo(out, 0);
    clearLine(out, 0);
    statusShown = false;
  }

  const screen: Screen = {
    get width() {
      return Math.max(NARROWEST, Math.min(WIDEST, (out.isTTY ? out.columns : 0) || WIDEST) - 1);
    },
    line(text = '') {
      clear();
      out.write(`${text}\n`);
    },
    status(text) {
      if (rewritable) {
        clear();
        out.write(screen.style('dim', cut(stripVTControlCharacters(text), screen.width)));
        statusShown = true;
      } else if (now() - statusAtMs >= STATUS_PAUSE_MS) {
        statusAtMs = now();
        screen.line(text);
      }
    },
    style: (style, text) => styleText(style, text, { stream: out }),
  };
  return screen;
}

import { styleText } from 'node:util';
import type { Io } from '../command.ts';

type Style = 'red' | 'yellow' | 'green' | 'cyan' | 'bold' | 'dim';

/** The text in a colour if stdout supports colours. */
export function paint({ color }: Pick<Io, 'color'>, style: Style, text: string): string {
  return color ? styleText(style, text, { validateStream: false }) : text;
}

/** `1 rule`, `2 rules`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

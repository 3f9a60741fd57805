import { box, cut, wrap, type Screen } from './screen.ts';
import type { Mail } from './mail-server.ts';
import type { StageResult } from './stages.ts';

const MAIL_LINES = 14;
const number = new Intl.NumberFormat('en');

/** A list of names and values. */
export function printList(screen: Screen, rows: readonly (readonly [string, string])[]): void {
  const wide = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) screen.line(`  ${screen.style('dim', name.padEnd(wide))}  ${value}`);
  screen.line();
}

/** A received mail in a box. */
export function printMail(screen: Screen, mail: Mail): void {
  const width = screen.width - 4;
  const colour = mail.state === 'firing' ? 'red' : 'green';
  const all = mail.text.split('\n').flatMap((line) => wrap(line, width - 4));
  const text = all.length > MAIL_LINES ? [...all.slice(0, MAIL_LINES - 1), '…'] : all;
  const lines = box(`mail to ${mail.to}`, [mail.subject, '', ...text], width);
  screen.line();
  for (const line of lines) screen.line(`  ${screen.style(colour, line)}`);
  screen.line(`  ${screen.style('dim', mail.path)}`);
  screen.line();
}

/** The table of stages with their results. */
export function printStages(screen: Screen, results: readonly StageResult[]): void {
  const wide = Math.min(screen.width - 16, Math.max(...results.map(({ label }) => label.length)));
  screen.line();
  for (const { label, count, atLeast, ok } of results) {
    const mark = ok ? screen.style('green', '✓') : screen.style('red', '✗');
    const of = atLeast > 1 ? ` of ${atLeast}` : '';
    screen.line(`  ${mark} ${cut(label, wide).padEnd(wide)} ${number.format(count).padStart(9)}${of}`);
  }
  screen.line();
}

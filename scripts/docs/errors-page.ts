import type { ProblemRow } from '../../src/errors.ts';

/** `{where}: expected {expected}` → `<where>` and `<expected>` as code, all else as plain words. */
function shown(template: string): string {
  return template
    .split(/(\{\w+\})/)
    .map((part, at) =>
      at % 2 === 1 ? `\`<${part.slice(1, -1)}>\`` : part.replaceAll(/[\\`*_<]/g, String.raw`\$&`),
    )
    .join('');
}

/** The reference page of everything that can go wrong and is said, as Markdown. */
export function errorsPage(rows: readonly (readonly [string, ProblemRow])[]): string {
  const sections = rows.map(([code, row]) =>
    [
      `## ${code}`,
      '',
      `- What happened: ${shown(row.what)}`,
      `- What we do: ${shown(row.now)}`,
      `- What you can do: ${shown(row.fix)}`,
    ].join('\n'),
  );
  return [
    '<!-- Generated from src/errors.ts by `npm run docs`. -->',
    '',
    '# Errors',
    '',
    'Each is one line on stderr and in the own log (`logs/monitoring/`), once for each cause:',
    '`[code] what happened. Now: what we do. You can: what helps.` Codes are never used again for something else.',
    'Words in angle brackets stand for what was found.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

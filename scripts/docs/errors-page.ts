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

/** The reference page of all errors, as Markdown. */
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
    'Each error is logged as one line to stderr and the monitoring log (`logs/monitoring/`), once per cause:',
    '`[code] what happened. Now: what we do. You can: what helps.` Codes are never reused for another error.',
    'Words in angle brackets are placeholders.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

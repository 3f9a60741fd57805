import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundledPackage } from './bundled-packages.ts';
import type { Modification } from './modifications.ts';

const HEAD = `The files in this folder contain code of the packages below. Bundling joins their files, removes comments and code
that is never reached, and writes characters beyond ASCII as escapes.`;

/** The section that names what else was changed, as Apache-2.0 section 4(b) asks. */
function modified(modifications: readonly Modification[]): string {
  const rows = modifications.map((row) => `${row.package}/${row.file}\n  ${row.change}`);
  return ['Modified files', 'The authors of @geometra/monitoring changed these files:', ...rows].join('\n\n');
}

/** The licences of all packages whose code is in the bundles, as their terms ask; a text that several share once. */
export function notices(packages: readonly BundledPackage[], modifications: readonly Modification[]): string {
  const byText = new Map<string, string[]>();
  for (const { name, version, license, texts } of packages) {
    const text = texts.length > 0 ? texts.join('\n\n') : `Licence: ${license}`;
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const sections = Array.from(byText, ([text, titles]) => `${titles.toSorted().join('\n')}\n\n${text}`);
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `${[HEAD, modified(modifications), ...sections.toSorted()].join(rule)}\n`;
}

/** Writes the notices next to the bundles. */
export function writeNotices(
  packages: readonly BundledPackage[],
  modifications: readonly Modification[],
  dir: string,
): void {
  writeFileSync(join(dir, 'THIRD-PARTY-NOTICES.txt'), notices(packages, modifications));
}

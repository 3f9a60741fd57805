import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly texts: readonly string[];
}

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** The folder of the package that a bundled file belongs to; undefined for our own files. */
function packageFolder(file: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

function read(folder: string): Bundled {
  const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, license } = found;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string')
    throw new TypeError(`${folder}/package.json: expected name, version and license as texts`);
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { name, version, license, texts };
}

/** The licences of all packages whose code stands in the bundles, as their terms ask; a text that several share once. */
export function writeNotices(bundledFiles: readonly string[], dir: string): void {
  const folders = new Set(bundledFiles.map(packageFolder).filter((folder) => folder !== undefined));
  const byText = new Map<string, string[]>();
  for (const { name, version, license, texts } of [...folders].map(read)) {
    const text = texts.length > 0 ? texts.join('\n\n') : `Licence: ${license}`;
    const title = `${name} ${version} (${license})`;
    byText.set(text, [...(byText.get(text) ?? []), title]);
  }
  const sections = Array.from(byText, ([text, titles]) => `${titles.toSorted().join('\n')}\n\n${text}`);
  const head = 'Code of these packages is part of the files in this folder.';
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  writeFileSync(join(dir, 'THIRD-PARTY-NOTICES.txt'), `${[head, ...sections.toSorted()].join(rule)}\n`);
}

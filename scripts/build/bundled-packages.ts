import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package whose code is in the bundles. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** Its licence files and notices. */
  readonly texts: readonly string[];
}

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** The folder of the package that a bundled file belongs to; undefined for our own files. */
function packageFolder(file: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

function read(folder: string): BundledPackage {
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

/** The packages that these files belong to, by name. */
export function bundledPackages(files: readonly string[]): readonly BundledPackage[] {
  const folders = new Set(files.map(packageFolder).filter((folder) => folder !== undefined));
  return [...folders].map(read).toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

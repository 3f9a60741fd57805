import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A library as a hook met it. */
export interface Library {
  readonly name: string;
  /** Empty where its package.json does not give one. */
  readonly version: string;
}

/** Name of the package that a file behind `node_modules/` belongs to. */
export function packageOf(file: string): string {
  const parts = file.split('/');
  return parts.slice(0, file.startsWith('@') ? 2 : 1).join('/');
}

/** The library that a module belongs to: `file` is what its `url` has behind the last `node_modules/`. */
export function libraryOf(url: string, file: string): Library {
  if (file.startsWith('node:')) return { name: file, version: process.versions.node };
  const name = packageOf(file);
  try {
    const path = fileURLToPath(`${url.slice(0, url.length - file.length)}${name}/package.json`);
    const found = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown; version?: unknown };
    return {
      name: typeof found.name === 'string' ? found.name : name,
      version: typeof found.version === 'string' ? found.version : '',
    };
  } catch {
    return { name, version: '' };
  }
}

/** The first number of a version; undefined for what has none. */
export function majorOf(version: string): number | undefined {
  const major = Number.parseInt(version, 10);
  return Number.isNaN(major) ? undefined : major;
}

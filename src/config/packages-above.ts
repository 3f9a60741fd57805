import { dirname, join } from 'node:path';

/** Every package.json that can be read from a folder up to the root, the nearest first. */
export function* packagesAbove(
  folder: string,
  readFile: (path: string) => string,
): Generator<Readonly<Record<string, unknown>>> {
  for (let current = folder, last = ''; current !== last; last = current, current = dirname(current)) {
    try {
      const found = JSON.parse(readFile(join(current, 'package.json'))) as Record<string, unknown> | null;
      if (found !== null) yield found;
    } catch {
      // None here, or none that can be read: look further up.
    }
  }
}

import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MAGIC = /[*?[]/;

/** One segment of a pattern as Go's `filepath.Match` reads it. */
function segmentPattern(segment: string): RegExp {
  const source = segment.replaceAll(/\[\^?[^\]]+\]|[*?]|[\\^$.|+(){}[\]]/g, (found) => {
    if (found === '*') return '[^/]*';
    if (found === '?') return '[^/]';
    return found.length > 1 ? found : `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The existing paths that match a pattern with `*`, `?` and `[…]`, in order; a plain path is itself. */
export function glob(pattern: string): readonly string[] {
  if (!MAGIC.test(pattern)) return statSync(pattern, { throwIfNoEntry: false }) ? [pattern] : [];
  const parent = dirname(pattern);
  const last = pattern.slice(pattern.lastIndexOf('/') + 1);
  const folders = parent === pattern ? [] : glob(parent);
  const fits = segmentPattern(last);
  return folders.flatMap((folder) =>
    entriesOf(folder)
      .filter((name) => fits.test(name))
      .map((name) => join(folder, name)),
  );
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text the other (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** In a shorter text every typo changes most of it. */
const MIN_LENGTH = 3;
/** Longer texts are not misspelt names, and comparing them costs the product of their lengths. */
const MAX_LENGTH = 200;

/** The known name closest to a misspelt one; undefined if none is close. */
export function nearest(text: string, known: Iterable<string>, maxSteps = 4): string | undefined {
  if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) return undefined;
  const most = Math.min(maxSteps, Math.max(1, Math.floor(text.length / 4)));
  let best: { readonly name: string; readonly steps: number } | undefined;
  for (const name of known) {
    if (name.length > MAX_LENGTH || Math.abs(name.length - text.length) > most) continue;
    const steps = distance(text.toLowerCase(), name.toLowerCase());
    if (steps <= most && (best === undefined || steps < best.steps)) best = { name, steps };
  }
  return best?.name;
}

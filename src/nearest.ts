/** Edits (insert, delete, replace) that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

/** Up to two of `candidates` that may be what `name` means: the same name under another prefix, or a few edits away. */
export function nearest(name: string, candidates: readonly string[]): string[] {
  const scored: { candidate: string; edits: number }[] = [];
  for (const candidate of candidates) {
    // One name inside the other costs little, however long the prefix ("module.", "encoder.").
    if (candidate.endsWith(`.${name}`) || name.endsWith(`.${candidate}`)) scored.push({ candidate, edits: 1 });
    else if (Math.abs(candidate.length - name.length) <= name.length / 3) {
      const edits = editDistance(name, candidate);
      if (edits <= Math.max(2, name.length / 3)) scored.push({ candidate, edits });
    }
  }
  return scored
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 2)
    .map((s) => s.candidate);
}

/** Number of characters to add, drop or change to make one text the other (Levenshtein 1965). */
export function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const here = [i];
    for (let j = 1; j <= b.length; j++)
      here.push(Math.min(above[j]! + 1, here[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    above = here;
  }
  return above[b.length]!;
}

/** Texts, the most similar first. */
export function closestFirst(texts: Iterable<string>, wanted: string): string[] {
  const ranked = [...texts].map((text) => ({ text, distance: editDistance(text, wanted.slice(0, 500)) }));
  return ranked.sort((a, b) => a.distance - b.distance).map(({ text }) => text);
}

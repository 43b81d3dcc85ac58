/**
 * The first name that stands twice in the same object of a JSON text, or undefined. `JSON.parse` keeps the last of
 * the two and says nothing, which would let a file show different tensors to different readers.
 *
 * @param text  valid JSON
 */
export function findDuplicateName(text: string): string | undefined {
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      if (open.at(-1)?.has(name)) return name;
      open.at(-1)?.add(name);
    }
  }
  return undefined;
}

/**
 * What a live figure shows, in the page's address: `#sdedit?iStarts=[7]&seed=3`. Values are JSON; what has its default is left
 * out. The same link opens the same figure with the same values, and runs only when asked.
 */
export interface Place {
  readonly id: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export function placeOf(hash: string): Place {
  const [id = '', query = ''] = hash.replace(/^#/, '').split('?');
  const params: Record<string, unknown> = {};
  for (const [name, text] of new URLSearchParams(query)) {
    try {
      params[name] = JSON.parse(text);
    } catch {
      params[name] = text; // from a hand: the schema will say what is wrong with it
    }
  }
  return { id: decodeURIComponent(id), params };
}

export function hashOf({ id, params }: Place): string {
  const query = new URLSearchParams(
    Object.entries(params).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  return `#${id}${query.size > 0 ? `?${query}` : ''}`;
}

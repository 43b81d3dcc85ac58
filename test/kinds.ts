import { describe, expect, test } from 'vitest';

/** What a server does not know: a member of a kind of fault that was reported of another program. */
export type Members = Readonly<Record<string, () => Promise<void>>>;

/** How many members of its kind of fault a file tries at least. */
const FEWEST = 3;

/**
 * Tests by kind of fault, and one that no kind has too few.
 *
 * @param kinds  by the kind, in words
 */
export function unseenOf(kinds: Readonly<Record<string, Members>>): void {
  for (const [kind, members] of Object.entries(kinds))
    describe(kind, () => {
      for (const [member, tried] of Object.entries(members)) test(member, tried);
    });
  test('of every kind three are tried that nobody reported', () => {
    for (const [kind, members] of Object.entries(kinds))
      expect(Object.keys(members).length, kind).toBeGreaterThanOrEqual(FEWEST);
  });
}

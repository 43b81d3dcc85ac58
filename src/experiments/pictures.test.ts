import { expect, test } from 'vitest';
import { encodePng } from '../images/png.ts';
import { pictureBook } from './pictures.ts';

test('a file that a recipe names from where it was made is given by its name there', async () => {
  await expect(pictureBook({ fromRecipe: true }).picture('mine.png', 64)).rejects.toMatchObject({
    message: 'there is no picture mine.png',
    hint: 'give it by --image mine.png=FILE: the recipe names it from where it was made',
  });
  const png = encodePng({ width: 8, height: 8, channels: 3, data: new Uint8Array(192) });
  const book = pictureBook({
    fromRecipe: true,
    instead: { 'mine.png': '/elsewhere.png' },
    read: async (reference) => (reference === '/elsewhere.png' ? png : undefined),
  });
  await expect(book.picture('mine.png', 64)).rejects.toThrow('/elsewhere.png');
});

test('of the project’s own pictures alone others take the place', () => {
  expect(() => pictureBook({ instead: { 'mine.png': 'x.png' } })).toThrow('no built-in picture "mine.png"');
});

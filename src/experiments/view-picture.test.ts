import { expect, test } from 'vitest';
import { placedView } from '../diffusion/placed-view.ts';
import { proveView } from '../diffusion/view-proof.ts';
import { viewNames, views } from '../diffusion/views.ts';
import { decodePicture } from '../images/codec.ts';
import { encodePng } from '../images/png.ts';
import { MOST_PLACES, pictureOfPlaces, placesOf, sourcesIn } from './view-picture.ts';

const moving = viewNames.filter((name) => !/^(negate|colour|swap|hue)/.test(name));

test.each(moving)('%s comes back from its picture as it was', async (name) => {
  const places = placesOf(views[name], MOST_PLACES);
  const file = encodePng(pictureOfPlaces(places, MOST_PLACES));
  expect(sourcesIn(await decodePicture(file), 'map.png')).toEqual(places);
  expect(proveView(placedView('map', places), MOST_PLACES).holds).toBe(true);
});

test('a view from a picture proves itself at every size that it takes, to 130', () => {
  for (const side of [8, 13, 26, 32, 43, MOST_PLACES]) {
    const places = sourcesIn(pictureOfPlaces(placesOf(views.rotate_cw, side), side), 'map.png');
    for (let size = side; size <= 130; size += side)
      expect(proveView(placedView('map', places), size).holds, `${side} at ${size}`).toBe(true);
  }
});

test('a picture that is no view is refused with the first place that is wrong', () => {
  const identity = pictureOfPlaces(placesOf(views.identity, 8), 8);
  const with_ = (at: number, value: number) => ({ ...identity, data: identity.data.with(at, value) });
  expect(() => sourcesIn(with_(3 * 9, 8), 'map.png')).toThrow(
    /map\.png has the colour 8, 1, 0 at row 1, column 1/,
  );
  expect(() => sourcesIn(with_(2, 1), 'map.png')).toThrow(/colour 0, 0, 1 at row 0, column 0/);
  expect(() => sourcesIn({ ...identity, width: 4, height: 16 }, 'map.png')).toThrow(/4 × 16 pixels/);
  const large = { width: 65, height: 65, channels: 3, data: new Uint8Array(65 * 65 * 3) };
  expect(() => sourcesIn(large, 'map.png')).toThrow(/65 × 65 pixels/);
});

test('a view that does something else than move pixels has no picture', () => {
  for (const name of viewNames.filter((name) => !moving.includes(name)))
    expect(() => placesOf(views[name], 16), name).toThrow(/does something else than move pixels/);
});

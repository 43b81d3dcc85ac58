import { light, lit } from './light.ts';
import { meadow, snowField } from './nature.ts';
import type { Drawn, Place, Scene } from './scene.ts';
import { type SubjectName, subjectTable } from './subjects/index.ts';

/** Two subjects in one picture: a place and a thing that is usually elsewhere. */
export interface Pair {
  place: keyof typeof places;
  thing: SubjectName;
}

const meadowPlace = (s: Scene): Place => {
  const l = light(s);
  const horizon = s.r.between(0.5, 0.66);
  meadow(s, l, horizon);
  return { light: l, horizon: horizon + 0.1 };
};
const snowPlace = (s: Scene): Place => {
  const l = light(s);
  const horizon = s.r.between(0.5, 0.64);
  snowField(s, l, horizon);
  return { light: l, horizon: horizon + 0.15 };
};

const places = {
  village: {
    draw: subjectTable.village.place!,
    words: ['a snowy mountain village', 'a mountain village in the snow'],
  },
  forest: { draw: subjectTable.forest.place!, words: ['a tropical forest', 'a jungle'] },
  autumn: { draw: subjectTable.autumn.place!, words: ['an autumn forest', 'trees in autumn'] },
  desert: { draw: subjectTable.desert.place!, words: ['a desert', 'the desert'] },
  beach: { draw: subjectTable.beach.place!, words: ['a beach', 'a tropical beach'] },
  meadow: { draw: meadowPlace, words: ['a green field', 'a meadow'] },
  snow: { draw: snowPlace, words: ['the snow', 'a snowy landscape'] },
} as const;

const things = (Object.keys(subjectTable) as SubjectName[]).filter((name) => subjectTable[name].thing);

export function samplePair(r: Scene['r']): Pair {
  return { place: r.pick(Object.keys(places) as (keyof typeof places)[]), thing: r.pick(things) };
}

export function drawPair(s: Scene, { place, thing }: Pair): Drawn {
  const { r } = s;
  const subject = subjectTable[thing];
  const { light: l, horizon } = places[place].draw(s);
  const x = r.between(0.34, 0.66);
  if (subject.flies) subject.thing!(s, l, x, r.between(0.26, 0.42), r.between(0.4, 0.58));
  else {
    const y = Math.min(0.98, Math.max(horizon, r.between(0.82, 0.96)));
    subject.thing!(s, { ...l, ambient: lit({ ...l, strength: 1 }, '#ffffff') }, x, y, r.between(0.5, 0.72));
  }
  // Without its usual surroundings: 'a penguin in the snow' may stand in a desert.
  const noun = r.pick(subject.words.filter((w) => !/ (in|on|by|at|with) /.test(w)).slice(0, 3));
  const where = r.pick(places[place].words);
  const link = subject.flies ? ['over', 'above', 'flying over'] : ['in', 'in front of'];
  return { light: l, words: [`${noun} ${r.pick(thing === 'planet' ? ['over', 'above'] : link)} ${where}`] };
}

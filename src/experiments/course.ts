import * as z from 'zod';
import type { Timestep } from '../diffusion/process.ts';
import { RecipeError } from '../errors.ts';

/** A number that holds throughout a run, or goes evenly in t from t = 999 to t = 0: 7, or 9..5. */
export type Course = number | `${number}..${number}`;

/** Where it begins: the noisiest level. */
const NOISIEST = 999;
const LONGEST = 40;

/** What the numbers of a course may be, by the parameter. */
const ranges = {
  guidance: { fits: (value: number) => value >= 0 && value <= 30, minimum: 0, maximum: 30, words: '0 to 30' },
  weights: {
    fits: (value: number) => value > 0 && value <= 100,
    exclusiveMinimum: 0,
    maximum: 100,
    words: 'more than 0 to 100',
  },
};
type Ranged = keyof typeof ranges;

/** 7, "7" or "9..5" as a course; undefined for anything else. */
export function readCourse(written: unknown): Course | undefined {
  const ends = String(written)
    .split('..')
    .map((end) => (end.trim() === '' ? Number.NaN : Number(end)));
  if (ends.length > 2 || !ends.every(Number.isFinite)) return undefined;
  const [first, last = first] = ends as [number, number?];
  return first === last ? first : `${first}..${last}`;
}

/** Where it begins, at the noisiest level, and where it ends. */
export const endsOf = (course: Course): readonly [first: number, last: number] =>
  typeof course === 'number' ? [course, course] : (course.split('..').map(Number) as [number, number]);

/** A course as `weightedViews` and `guided` take it. */
export function along(course: Course): number | ((t: Timestep) => number) {
  if (typeof course === 'number') return course;
  const [first, last] = endsOf(course);
  return (t) => last + ((first - last) * t) / NOISIEST;
}

const inRange = (name: Ranged, written: unknown): boolean => {
  const course = readCourse(written);
  return course !== undefined && endsOf(course).every(ranges[name].fits);
};

const expected = (name: Ranged): string =>
  `a number, ${ranges[name].words}, or two as in 9..5, where it begins and ends`;

/** Of a list of courses, one. */
const courseParam = (name: Ranged) => {
  const { fits: _, words: __, ...bounds } = ranges[name];
  return z
    .union([z.number(), z.string().max(LONGEST)])
    .refine((written) => inRange(name, written), {
      error: ({ input }) => `expected ${expected(name)}, got ${JSON.stringify(input)}`,
    })
    .meta({ kind: 'course', ...bounds });
};

/** γ of several sides. */
export const guidanceCourses = z.array(courseParam('guidance')).min(1).max(16).default([7]).meta({
  cli: 'guidance',
  description:
    'γ of the sides: one for all, one each, or one for each prompt, those from near behind those from afar; 9..5 begins with 9 and ends with 5, evenly in t',
});

/** How much several sides count. */
export const weightCourses = z.array(courseParam('weights')).min(1).max(8).default([1]).meta({
  cli: 'weights',
  description:
    'how much the sides count: one for all, or one each; 9..5 begins with 9 and ends with 5, evenly in t',
});

/** Courses as they are typed in one word, apart by colons or commas: 7:3, or 9..5:1..5. What is none stays what it is. */
export const typedCourses = (text: string): (Course | string)[] =>
  text.split(/[:,]/).map((part) => readCourse(part) ?? part);

/**
 * The courses in one word.
 *
 * @throws {RecipeError} when one of them is none, or out of its range
 */
export const coursesIn = (name: Ranged, text: string): Course[] =>
  typedCourses(text).map((written) => {
    if (inRange(name, written)) return written as Course;
    throw new RecipeError(
      name,
      `in "${text}", "${written}" is not ${expected(name)}`,
      'write one for all sides, as 7, or one for each, as 10:4 or 9..5:1..5',
    );
  });

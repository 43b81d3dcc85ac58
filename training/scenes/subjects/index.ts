import type { Subject } from '../scene.ts';
import { animals } from './animals.ts';
import { landmarks } from './landmarks.ts';
import { landscapes } from './landscapes.ts';
import { objects } from './objects.ts';
import { persons } from './persons.ts';
import { vehicles } from './vehicles.ts';

const all = { ...landscapes, ...landmarks, ...persons, ...vehicles, ...animals, ...objects };

export type SubjectName = keyof typeof all;
export const subjectTable: Readonly<Record<SubjectName, Subject>> = all;
/** Every subject's name. */
export const subjects = Object.keys(all) as SubjectName[];

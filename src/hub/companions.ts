import { join } from 'node:path';
import { fileSize, listFolder } from './cache.ts';

/** A part of a DeepFloyd stage that acts on finished pictures. campanile knows it and runs none. */
export interface Companion {
  /** Its folder in the stage. */
  readonly name: string;
  readonly present: boolean;
  /** Whether its weights are there too, not only its configuration. */
  readonly weights: boolean;
  /** For people: whether it is there, and what that means for the pictures. */
  readonly sentence: string;
}

const COMPANIONS = [
  {
    name: 'safety_checker',
    title: 'safety checker',
    meaning: 'campanile does not run it: no picture is judged, and none is replaced by a black one',
  },
  {
    name: 'watermarker',
    title: 'watermark',
    meaning: 'campanile does not apply it: pictures carry no mark in their lower right corner',
  },
];

/** What a stage's folder holds beside the network: one entry for each companion that DeepFloyd knows. */
export async function describeCompanions(folder: string): Promise<Companion[]> {
  return Promise.all(
    COMPANIONS.map(async ({ name, title, meaning }) => {
      const files = await listFolder(join(folder, name));
      const sizes = await Promise.all(files.map((file) => fileSize(join(folder, name, file))));
      const there = files.filter((_, i) => sizes[i] !== undefined);
      const present = there.length > 0;
      const weights = there.some((file) => /\.(?:safetensors|bin)$/.test(file));
      const found = !present
        ? 'is absent'
        : weights
          ? 'is present'
          : 'is present as a description, without weights';
      return { name, present, weights, sentence: `The ${title} ${found}; ${meaning}.` };
    }),
  );
}

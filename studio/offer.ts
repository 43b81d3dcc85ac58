import { backend } from './backend.ts';
import type { SharedRecipe } from './shared.ts';
import { createStore } from './store.ts';

export interface Offer {
  readonly recipe: SharedRecipe;
  /** "the link", "the picture", "this job". */
  readonly from: string;
  /** What the server says is in the way of running it. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** A recipe that came in from outside: shown as a difference, never run by itself. */
export const offer = createStore<Offer | undefined>(undefined);

export const offerRecipe = (recipe: SharedRecipe, from: string, problems: Offer['problems'] = []): void =>
  offer.set({ recipe, from, problems });

/** @throws what the server says, when there is no recipe inside */
export async function offerRecipeOf(png: File): Promise<void> {
  const { recipe, problems } = await backend.recipeIn(png);
  offerRecipe(recipe, png.name, problems);
}

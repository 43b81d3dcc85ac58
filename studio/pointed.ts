import type { SyntheticEvent } from 'react';
import { createStore } from './store.ts';

/** The field of the form that the hand or the focus is on. */
export const pointed = createStore<string | undefined>(undefined);

/** Of what happens anywhere in a form. */
export const pointAt = ({ target }: SyntheticEvent): void =>
  pointed.set(
    target instanceof Element
      ? (target.closest('[data-field]')?.getAttribute('data-field') ?? undefined)
      : undefined,
  );

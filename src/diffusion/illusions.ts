/**
 * What makers of illusions take beside the formulas: sides that are weighed and balanced, views by name, laid out, from a file,
 * their proofs, and the verdict.
 */

export * from './balance.ts';
export * from './named-view.ts';
export * from './placed-view.ts';
export { sourcesOf } from './places.ts';
export * from './verdict.ts';
export * from './view-proof.ts';
export * from './weighted-views.ts';

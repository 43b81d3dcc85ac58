/**
 * What makers of illusions take beside the other formulas: the parts a picture is the sum of, sides that are weighed and balanced,
 * views by name, laid out, their proofs, and the verdict.
 */

export * from './balance.ts';
export * from './components.ts';
export * from './named-view.ts';
export * from './placed-view.ts';
export { sourcesOf } from './places.ts';
export * from './verdict.ts';
export * from './view-proof.ts';
export * from './weighted-views.ts';

/**
 * Pictures by recipe: the training set, the page's own pictures and its masks.
 *
 *     const spec = sampleSpec(7, { subject: 'volcano' });
 *     const { data, caption } = renderScene(spec, 64);
 */
export { type PageMask, type PagePicture, pageMask, pageMasks, pagePicture, pagePictures } from './assets.ts';
export { plainCaption } from './grammar.ts';
export { isHeldOut, type RenderedScene, renderScene, type SceneSpec, sampleSpec } from './render.ts';
export { type Medium, media } from './scene.ts';
export { type SubjectName, subjects } from './subjects/index.ts';

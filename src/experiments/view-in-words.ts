import { markOf } from '../words.ts';

/** A view for people and names of files: short, also where it is a list of places. */
export const viewInWords = (view: string): string =>
  view.replace(/\[[^[\]]*\]/g, (list) => {
    const side = Math.sqrt(list.split(',').length);
    return `list of ${side} × ${side}, ${markOf(list)}`;
  });

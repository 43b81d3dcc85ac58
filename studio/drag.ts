import type { StoredObject } from '../src/server/api-types.ts';
import { rememberName } from './names.ts';

const TYPE = 'application/x-campanile-picture';

/** A result begins to be dragged: into a picture's field, or as its address into another program. */
export function dragPicture(event: React.DragEvent, { object, url }: StoredObject, name: string): void {
  const reference = `object:${object}`;
  rememberName(reference, name);
  event.dataTransfer.setData(TYPE, reference);
  event.dataTransfer.setData('text/uri-list', new URL(url, location.href).href);
  event.dataTransfer.effectAllowed = 'copy';
}

/** The reference of a result that is dropped. */
export const draggedPicture = (data: DataTransfer | null): string | undefined =>
  data?.getData(TYPE) || undefined;

export const dragsPicture = (data: DataTransfer | null): boolean =>
  data !== null && (data.types.includes('Files') || data.types.includes(TYPE));

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for the inside of an element or of a quoted attribute: prompts come from strangers. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c]!);

/** Attributes in order; `true` stands alone, and what is undefined or false is left out. */
export const attributes = (values: Readonly<Record<string, string | number | boolean | undefined>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`))
    .join('');

/** Bytes as a data URI; in pieces, because a call takes only so many arguments. */
export function dataUri(bytes: Uint8Array, type = 'image/png'): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return `data:${type};base64,${btoa(binary)}`;
}

/** A picture inside an address, up to where its bytes begin. */
export const CARRIED = /^data:image\/(png|jpeg|webp|gif);base64,/;

/** The picture that an address carries; undefined for any other address. Whether it is one, who decodes it will say. */
export function carriedPicture(
  address: string,
): { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined {
  const [head, type] = CARRIED.exec(address) ?? [];
  if (head === undefined) return undefined;
  try {
    return { type: type!, bytes: Uint8Array.from(atob(address.slice(head.length)), (c) => c.charCodeAt(0)) };
  } catch {
    return { type: type!, bytes: new Uint8Array() };
  }
}

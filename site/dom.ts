/** An element with properties, listeners (`onclick`) among them, and what is inside. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
}

/** An element of a drawing, with attributes. */
export function draw(
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...inside: Node[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...inside);
  return made;
}

/** A button that does one thing. */
export const press = (text: string, onclick: () => void, more: Partial<HTMLButtonElement> = {}) =>
  make('button', { type: 'button', textContent: text, onclick, ...more });

/** The same with a name for those who hear it, where the text is a sign. */
export function named<E extends Element>(element: E, label: string): E {
  element.setAttribute('aria-label', label);
  return element;
}

/** A place on an element, as shares of its width and height: 0 to 1 within it. */
export type Share = readonly [x: number, y: number];

/** Where a pointer is on an element; beyond its edges less than 0 or more than 1. */
export function shareAt(
  { clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>,
  target: Element,
): Share {
  const { left, top, width, height } = target.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}

/** Tells where a pointer is that presses an element or drags over it, cut off at its edges, and whether it presses there. */
export function held(target: Element, tell: (share: Share, pressed: boolean) => void): void {
  const at = (event: PointerEvent) => {
    const [x, y] = shareAt(event, target);
    tell([within(x), within(y)], event.type === 'pointerdown');
  };
  const on = (type: 'pointerdown' | 'pointermove', act: (event: PointerEvent) => void) =>
    target.addEventListener(type, (event) => act(event as PointerEvent));
  on('pointerdown', (event) => {
    target.setPointerCapture(event.pointerId);
    at(event);
  });
  on('pointermove', (event) => {
    if (target.hasPointerCapture(event.pointerId)) at(event);
  });
}

export const within = (share: number): number => Math.min(1, Math.max(0, share));

/** A place on an element, as shares of its width and height: 0 to 1, whatever lies beside it cut off. */
export type Share = readonly [x: number, y: number];

/** Tells where a pointer is that presses an element or drags over it, and whether it presses there. */
export function held(target: Element, tell: (share: Share, pressed: boolean) => void): void {
  const at = ({ clientX, clientY, type }: PointerEvent) => {
    const { left, top, width, height } = target.getBoundingClientRect();
    tell([within((clientX - left) / width), within((clientY - top) / height)], type === 'pointerdown');
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

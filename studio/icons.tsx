/** 16 × 16 line drawings; they are never the only name of a thing. */
const paths = {
  play: 'M5 3.5v9l7-4.5z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  plus: 'M8 3v10M3 8h10',
  cross: 'M4 4l8 8M12 4l-8 8',
  dice: 'M3 3h10v10H3zM5.8 5.8h.01M10.2 5.8h.01M8 8h.01M5.8 10.2h.01M10.2 10.2h.01',
  down: 'M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10',
  link: 'M6.5 9.5l3-3M7 4.5l1.6-1.6a2.8 2.8 0 014 4L11 8.5M9 11.5l-1.6 1.6a2.8 2.8 0 01-4-4L5 7.5',
  again: 'M12.5 5.5A5 5 0 108 13M12.5 2.5v3h-3',
  turn: 'M3 6a5.2 5.2 0 019.6 1M13 10a5.2 5.2 0 01-9.6-1M12.8 3.6V7H9.4M3.2 12.4V9h3.4',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 110 3.6 1.8 1.8 0 010-3.6z',
  sun: 'M8 5a3 3 0 110 6 3 3 0 010-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13 9.5A5.5 5.5 0 116.5 3a4.5 4.5 0 006.5 6.5z',
  half: 'M8 2.5a5.5 5.5 0 100 11zM8 2.5a5.5 5.5 0 110 11',
  undo: 'M3 6.5h6.5a3.5 3.5 0 010 7H6M3 6.5l3-3M3 6.5l3 3',
  redo: 'M13 6.5H6.5a3.5 3.5 0 000 7H10M13 6.5l-3-3M13 6.5l-3 3',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  brush: 'M13 3L7.5 8.5M7 8.5c1 .3 1.5 1 1.3 2C8 12 6 13.5 3 13.5c1-1 .8-1.7 1-3s1.7-2.4 3-2z',
  eraser: 'M9.5 3l4 4-5.5 6H5L2.5 10.5zM6 6.5l4 4',
  lasso:
    'M8 3c3.3 0 5.5 1.6 5.5 3.6S11.3 10.5 8 10.5c-1 0-2-.2-2.800-.5C4 9.5 2.5 8.3 2.5 6.6 2.5 4.6 4.700 3 8 3zM5 10c.5 1.5-.500 3-2 3.5',
  rectangle: 'M2.5 4h11v8h-11z',
  bucket: 'M7 3l5.5 5.5L8 13 2.5 7.5zM7 3v4M13.5 11c.8 1.2.8 2.5 0 2.5s-.8-1.3 0-2.5z',
  flip: 'M8 2v12M3 5l3 3-3 3zM13 5l-3 3 3 3z',
  step: 'M4 3.5v9l6-4.5zM12 3.5v9',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

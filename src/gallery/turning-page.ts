import { attributes, dataUri, escapeHtml } from './html.ts';
import { style } from './style.ts';

/** A picture that shows another thing when it is turned. */
export interface TurningPicture {
  readonly png: Uint8Array;
  readonly caption: string;
  readonly turned: { readonly png: Uint8Array; readonly caption: string; readonly gesture: string };
  /** CSS that turns it as a whole; without it the one picture passes into the other. */
  readonly css?: string | undefined;
}

/**
 * One picture as a page that needs no other file: it turns under the mouse, by touch and by Enter, without a script. Who
 * wants no motion sees both pictures side by side.
 */
export const renderTurning = ({ png, caption, turned, css }: TurningPicture): string =>
  page(
    `${caption} / ${turned.caption}`,
    `<label class="turner"><input${attributes({ type: 'checkbox', role: 'switch', 'aria-label': `${caption}; ${turned.gesture}: ${turned.caption}` })}>` +
      `<span class="art">${image(png, caption)}${css ? '' : `<img class="other" alt="" src="${dataUri(turned.png)}">`}</span>` +
      `<span class="said upright">${escapeHtml(caption)}</span><span class="said turned"><i>${escapeHtml(turned.gesture)}:</i> ${escapeHtml(turned.caption)}</span></label>` +
      stills([
        [png, caption],
        [turned.png, `${turned.gesture}: ${turned.caption}`],
      ]),
    css ? `.turner { --turned: ${css}; }` : '',
  );

/** A hybrid as such a page: it goes away from the eye under the mouse, by touch and by Enter. */
export const renderZooming = (png: Uint8Array, near: string, far: string): string =>
  page(
    `${near} / ${far}`,
    `<label class="turner"><input${attributes({ type: 'checkbox', role: 'switch', 'aria-label': `${near}; from afar: ${far}` })}>` +
      `<span class="art">${image(png, near)}</span>` +
      `<span class="said upright"><i>from near:</i> ${escapeHtml(near)}</span><span class="said turned"><i>from afar:</i> ${escapeHtml(far)}</span></label>` +
      stills([
        [png, `from near: ${near}`],
        [png, `from afar: ${far}`],
      ]),
    '.turner { --turned: scale(.125); } .stills figure:last-child img { width: 12.5%; }',
  );

const image = (png: Uint8Array, alt: string): string => `<img${attributes({ src: dataUri(png), alt })}>`;

const stills = (pictures: readonly (readonly [Uint8Array, string])[]): string =>
  `<div class="stills">${pictures.map(([png, said]) => `<figure>${image(png, said)}<figcaption>${escapeHtml(said)}</figcaption></figure>`).join('')}</div>`;

const page = (title: string, body: string, own: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}
body { min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; }
.turner { display: block; width: min(34rem, 84vmin); cursor: pointer; position: relative; }
.turner input { position: absolute; opacity: 0; inset: 0; }
.art { display: grid; overflow: hidden; }
.art img { grid-area: 1 / 1; width: 100%; transition: transform .9s ease-in-out, opacity .9s ease-in-out; }
.art .other { opacity: 0; }
.said { display: block; margin-top: 1rem; text-align: center; }
.said.turned { display: none; }
.turner:has(:focus-visible) .art { outline: 2px solid var(--accent); outline-offset: 4px; }
.turner:has(:checked) .art img:first-child { transform: var(--turned, none); }
.turner:has(:checked) .other { opacity: 1; }
.turner:has(:checked) .said.upright { display: none; }
.turner:has(:checked) .said.turned { display: block; }
@media (hover: hover) {
  .turner:hover .art img:first-child { transform: var(--turned, none); }
  .turner:hover .other { opacity: 1; }
  .turner:hover .said.upright { display: none; }
  .turner:hover .said.turned { display: block; }
}
.stills { display: none; gap: 2rem; flex-wrap: wrap; justify-content: center; }
.stills figure { margin: 0; width: min(24rem, 90vw); }
.stills img { width: 100%; margin: 0 auto; }
.stills figcaption { margin-top: 1rem; text-align: center; }
@media (prefers-reduced-motion: reduce) { .turner { display: none; } .stills { display: flex; } }
@media print { .turner { display: none; } .stills { display: flex; } }
${own}</style>
</head>
<body><main>${body}</main></body>
</html>
`;

import { duration, slug } from '../words.ts';
import { attributes, dataUri, escapeHtml } from './html.ts';
import type { PagePicture, SectionText } from './section.ts';

/**
 * A picture with its caption. Without scripts a click unfolds its recipe below it; with scripts it opens large. A picture
 * with a view turns, one with a far caption is shown small as well.
 */
export function plate(picture: PagePicture, experiment: SectionText): string {
  const { figure } = picture;
  const kind = kindOf(picture);
  const name = slug(`${experiment.id}-${figure.id}`);
  const style = picture.turn?.css === undefined ? undefined : `--turned: ${picture.turn.css}`;
  const open = `<figure${attributes({ class: `plate ${kind}`, id: name, 'data-name': name, style })}>`;
  return `${open}${bodies[kind](picture, experiment)}</figure>`;
}

function kindOf({ figure, sides, turn }: PagePicture): keyof typeof bodies {
  if (sides) return 'many-sided';
  if (turn) return 'turning';
  return figure.farCaption === undefined ? 'plain' : 'near-and-far';
}

/** What makes a caption of its own for every picture, so that a table needs no heads over it. */
export const speaksForItself = ({ figure }: PagePicture): boolean =>
  figure.turnedCaption !== undefined || figure.farCaption !== undefined;

const bodies = {
  plain: (picture: PagePicture, experiment: SectionText): string => {
    const { caption } = picture.figure;
    const said = caption === undefined ? '' : `<span class="said">${escapeHtml(caption)}</span>`;
    return `${unfolding(image(picture, experiment), picture, 'enlarge')}<figcaption>${said}${facts(picture)}</figcaption>`;
  },

  turning: (picture: PagePicture, experiment: SectionText): string => {
    const { turn, figure } = picture;
    const { caption = '', turnedCaption = '' } = figure;
    const other = turn!.png && !turn!.css ? `<img class="other" alt="" src="${dataUri(turn!.png)}">` : '';
    const label = `${caption}; ${turn!.gesture}: ${turnedCaption}`;
    return (
      `<label class="turner">` +
      `<input${attributes({ type: 'checkbox', role: 'switch', 'aria-label': label })}>` +
      `<span class="art">${image(picture, experiment)}${other}</span></label>` +
      `<figcaption><span class="said upright">${escapeHtml(caption)}</span>` +
      `<span class="said turned"><i>${escapeHtml(turn!.gesture)}:</i> ${escapeHtml(turnedCaption)}</span>` +
      `${facts(picture)}${unfolding('Larger, with recipe', picture, 'enlarge words')}</figcaption>`
    );
  },

  'many-sided': (picture: PagePicture): string => {
    const seen = picture.sides!.map(
      ({ caption, gesture, png }) =>
        `<span class="side"><img${attributes({ src: dataUri(png), alt: `${gesture}: ${caption}`, width: picture.width, height: picture.height, decoding: 'async' })}>` +
        `<span class="said"><i>${escapeHtml(gesture)}:</i> ${escapeHtml(caption)}</span></span>`,
    );
    const about = `${facts(picture)}${unfolding('Larger, with recipe', picture, 'enlarge words')}`;
    return `<div class="sides-of">${seen.join('')}</div><figcaption>${about}</figcaption>`;
  },

  'near-and-far': (picture: PagePicture, experiment: SectionText): string => {
    const { caption = '', farCaption = '' } = picture.figure;
    const far = `<img${attributes({ class: 'far', src: dataUri(picture.png), alt: `The same from afar: ${farCaption}` })}>`;
    return (
      `<div class="pair">${unfolding(image(picture, experiment), picture, 'enlarge near')}${far}</div>` +
      `<label class="distance" hidden>Distance <input type="range" min="1" max="12" step="0.1" value="1"></label>` +
      `<figcaption><span class="said"><i>from near:</i> ${escapeHtml(caption)}</span>` +
      `<span class="said"><i>from afar:</i> ${escapeHtml(farCaption)}</span>${facts(picture)}</figcaption>`
    );
  },
};

function image({ figure, png, width, height }: PagePicture, { title }: SectionText): string {
  const parts = [
    title,
    figure.row,
    figure.column,
    figure.caption === figure.column ? undefined : figure.caption,
  ];
  const alt = parts.filter(Boolean).join(', ');
  return `<img${attributes({ src: dataUri(png), alt, width, height, decoding: 'async' })}>`;
}

/** t, seed, PSNR and time. t is left out where the head of the column says it, time where nothing was computed. */
function facts({ figure }: PagePicture): string {
  const { t, seed, psnr, seconds, column } = figure;
  const found = [
    t === undefined || column === `t = ${t}` ? undefined : `t = ${t}`,
    seed === undefined ? undefined : `seed ${seed}`,
    psnr === undefined ? undefined : `${psnr.toFixed(1)} dB`,
    !seconds || seed === undefined ? undefined : duration(seconds),
  ];
  const shown = found.filter((fact) => fact !== undefined).map((fact) => `<span>${escapeHtml(fact)}</span>`);
  return shown.length > 0 ? `<span class="facts">${shown.join(' ')}</span>` : '';
}

function unfolding(summary: string, { recipe, command, width, height }: PagePicture, kind: string): string {
  const said = [
    `<p>${width} × ${height} pixels. The PNG carries its recipe: save it, and it can be made again.</p>`,
    command === undefined ? '' : commandLine(command),
    recipe === undefined
      ? ''
      : `<pre class="recipe"><code>${escapeHtml(JSON.stringify(recipe, null, 1))}</code></pre>`,
  ];
  return `<details class="${kind}"><summary>${summary}</summary><div class="about">${said.join('')}</div></details>`;
}

/** A command that breaks between its words only, not after the hyphens of an option. */
export const commandLine = (command: string): string =>
  `<pre class="command"><code>${escapeHtml(command).replace(/\S+/g, '<span>$&</span>')}</code></pre>`;

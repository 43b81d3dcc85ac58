import type { Figure } from '../experiments/experiment.ts';
import { attributes, dataUri, escapeHtml } from './html.ts';
import { commandLine } from './plate.ts';
import { style } from './style.ts';

/** One picture of a sheet, as it is seen from each of its sides. */
export interface SheetCard {
  readonly sides: readonly { readonly caption: string; readonly gesture: string; readonly png: Uint8Array }[];
  /** The picture as it was drawn, with its recipe inside, and its width. */
  readonly png: Uint8Array;
  readonly width: number;
  readonly name: string;
  readonly seed: number | undefined;
  readonly verdict: NonNullable<Figure['verdict']>;
  readonly command: string;
  readonly recipe: unknown;
}

export interface SheetText {
  readonly title: string;
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * The pictures of a search in one file that needs no other: both sides of each, what was judged of them, and how to
 * make them again.
 *
 * @param cards  in the order they are shown
 */
export function renderSheet(cards: readonly SheetCard[], { title, facts }: SheetText): string {
  const about = Object.entries(facts).map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}${sheetStyle}</style>
</head>
<body>
<header class="title"><h1>${escapeHtml(title)}</h1>
<p>In the order of a verdict, which is a hint and not an eye: look at all of them. ${cards.every(({ verdict }) => verdict.by === 'judge') ? BY_JUDGE : BY_MODEL} The weakest side decides. <i>Hidden</i> says how well each side keeps the other’s secret, from ${chance(cards)} by chance to 100 %.</p>
<dl>${about.join('')}</dl></header>
<main class="cards">${cards.map(card).join('\n')}</main>
</body>
</html>
`;
}

const chance = ([first]: readonly SheetCard[]): string => percent(1 / Math.max(1, first?.sides.length ?? 2));
const percent = (share: number): string => `${Math.round(100 * share)} %`;
const BY_JUDGE =
  'Of each side it says how readable its subject is, from 0 to 100 %: the judgement of a small classifier that comes with the checkpoint.';
const BY_MODEL =
  '<i>Evidence</i> is how much easier a side’s prompt makes it to find the noise in the picture than no prompt does; the model judges itself.';
/** Evidence as a signed percentage with one digit. */
const evidence = (gain: number): string => `${gain < 0 ? '−' : '+'}${Math.abs(100 * gain).toFixed(1)} %`;
/** The evidence of the model that fills a bar. */
const FULL = 0.3;

function bar(gain: number, by: SheetCard['verdict']['by'], caption: string): string {
  const [low, full, what] = by === 'judge' ? [0, 1, 'how readable is'] : [-FULL, FULL, 'evidence for'];
  const value = Math.max(low, Math.min(full, gain));
  const said = by === 'judge' ? percent(gain) : evidence(gain);
  return `<meter${attributes({ min: low, max: full, low: (low + full) / 2, optimum: full, value, 'aria-label': `${what} ${caption}` })}></meter> <span>${said}`;
}

function card({ sides, verdict, png, width, name, seed, command, recipe }: SheetCard, place: number): string {
  const seen = sides.map(({ caption, gesture, png }, i) => {
    const { gain, nearest, overSubjects } = verdict.sides[i]!;
    const looks =
      nearest !== undefined && overSubjects! < 0 && nearest !== caption ? `, more like ${nearest}` : '';
    return (
      `<figure><img${attributes({ src: dataUri(png), alt: `${gesture}: ${caption}`, width: 192, height: 192 })}>` +
      `<figcaption><span class="said"><i>${escapeHtml(gesture)}:</i> ${escapeHtml(caption)}</span>` +
      `<span class="facts">${bar(gain, verdict.by, caption)}${escapeHtml(looks)}</span></span></figcaption></figure>`
    );
  });
  const seeded = seed === undefined ? '' : `<span>seed ${seed}</span>`;
  const hidden = `<span>hidden ${percent(verdict.concealment)}</span>`;
  const save = `<a${attributes({ href: dataUri(png), download: name })}>PNG, ${width} × ${width}</a>`;
  return (
    `<article><h2>${place + 1}</h2><div class="sides">${seen.join('')}</div>` +
    `<p class="facts">${seeded} ${hidden} ${save}</p>` +
    `<details><summary>Make it again</summary>${commandLine(command)}` +
    `<pre class="recipe"><code>${escapeHtml(JSON.stringify(recipe, null, 1))}</code></pre></details></article>`
  );
}

const sheetStyle = `
.title dd { max-height: 9rem; overflow: auto; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(25rem, 100%), 1fr)); gap: 2rem; max-width: 92rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 3rem) 4rem; }
.cards article { position: relative; min-width: 0; }
.cards h2 { font: .8125rem/1 var(--sans); color: var(--muted); margin: 0 0 .5rem; }
.cards .sides { display: flex; flex-wrap: wrap; gap: .75rem; }
.cards figure { margin: 0; width: 12rem; }
.cards img { width: 100%; aspect-ratio: 1; image-rendering: auto; border-radius: 2px; }
.cards figcaption { font: .8125rem/1.4 var(--sans); margin-top: .4rem; }
.cards .said { display: block; }
.cards h2::before { content: none; }
.cards .facts { white-space: normal; color: var(--muted); font: .75rem/1.5 var(--sans); font-variant-numeric: tabular-nums; }
.cards p.facts { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .5rem 0; }
.cards meter { width: 5rem; height: .6rem; vertical-align: middle; }
.cards details { font: .8125rem/1.5 var(--sans); }
.cards summary { cursor: pointer; color: var(--muted); }
.cards pre { overflow: auto; max-height: 14rem; font: .75rem/1.5 var(--mono); background: var(--wash); padding: .6rem; }
`;

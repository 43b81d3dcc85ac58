import type { Fork } from '../experiments/branch.ts';
import { duration } from '../words.ts';
import { artwork, colours } from './artwork.ts';
import { attributes, escapeHtml } from './html.ts';
import { mathml } from './mathml.ts';
import { commandLine, plate, speaksForItself } from './plate.ts';
import { closeContents, follow, script } from './script.ts';
import type { PagePicture, Section, SectionText } from './section.ts';
import { style } from './style.ts';
import { isStrip, type Table, tables } from './tables.ts';

export type { PagePicture, Section, Turn } from './section.ts';

/** What the head and the foot of the page say. */
export interface PageMeta {
  readonly title: string;
  /** Under the title: HTML of one's own making, `markdownHtml`. */
  readonly introduction: string;
  /** Facts about checkpoint and run, name → value, in order. */
  readonly facts: Readonly<Record<string, string>>;
  /** Wall time of all pictures. */
  readonly seconds?: number | undefined;
  /** Where the page lies beside the script that makes its figures live. */
  readonly live?: Live | undefined;
}

export interface Live {
  /** Address of the script, relative to the page. */
  readonly script: string;
  /** What a figure fetches at the first run. */
  readonly megabytes: number;
  /** Id of a section → what runs there. */
  readonly figures: Readonly<Record<string, LiveFigure>>;
}

export interface LiveFigure {
  /** Id of the experiment. */
  readonly experiment: string;
  /** Of the whole section; a figure takes one of each list. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Of a branch: the runs that it left, and where. */
  readonly from?: readonly Fork[] | undefined;
}

/** Nothing from anywhere, but for what is still being made. */
const stillPolicy = (making: boolean): string =>
  `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline';${making ? " connect-src 'self';" : ''} base-uri 'none'; form-action 'none'`;
/** What lies beside the page, WebAssembly and workers. */
const LIVE_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self' data: blob:; base-uri 'none'; form-action 'none'";

const toStudio =
  '<p>Everything here runs in your browser, with your own pictures and values: under each section, and all of it in <a href="studio/">the studio</a>. Drop a photograph anywhere, and every section that is about a picture is about yours. <button type="button" class="your-picture" disabled>Your picture …</button></p>';

/** What lies beside a live page, so that it can be installed: site/packing/installable.ts. */
const installable = `
<link rel="manifest" href="manifest.webmanifest">
<link rel="apple-touch-icon" href="apple-touch-icon.png">
<meta name="theme-color" content="${colours.blue}">`;

/**
 * The whole page as one HTML file that asks for nothing else: pictures, styles and script are inside, and a policy in its
 * head forbids every connection. It works from `file://`, without scripts, on paper and on a phone. With live figures it is
 * the same page, and a script beside it adds them.
 *
 * @param making  of a page whose pictures are still being made: the version that this is. It then asks the server that it
 *   comes from for those that follow (`PageInMaking`)
 */
export function renderPage(
  sections: readonly Section[],
  meta: PageMeta,
  making?: { readonly version: number },
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${meta.live ? LIVE_POLICY : stillPolicy(making !== undefined)}">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="campanile">
<title>${escapeHtml(meta.title)}</title>
<link rel="icon" href="${artwork.icon}">${meta.live ? installable : ''}
<style>${style}</style>
</head>
<body>
<a class="skip" href="#${escapeHtml(sections[0]?.experiment.id ?? 'main')}">Skip to the first section</a>
<header class="masthead">${artwork.banner}
<div class="title"><h1>${escapeHtml(meta.title)}</h1>${meta.introduction}${meta.live ? toStudio : ''}${factList(meta)}</div>
</header>
<div class="sheet">
<nav class="contents" aria-label="Sections"><details open><summary>Contents</summary><ol>${sections.map(entry).join('')}</ol></details></nav><script>${closeContents}</script>
<main id="main">${sections.map(section).join('\n')}</main>
</div>
<footer><p>Every PNG on this page can be saved, and carries the recipe that makes it again. Made by campanile; ${meta.live ? 'what runs here runs in this tab, and sends nothing anywhere' : 'this file needs no network'}.</p></footer>
<dialog id="viewer" aria-label="Picture"></dialog>
<script>${script}${making ? follow(making.version) : ''}</script>${liveScript(meta.live)}
</body>
</html>
`;
}

function liveScript(live: Live | undefined): string {
  if (!live) return '';
  const { script: src, megabytes, figures } = live;
  const data = { 'data-megabytes': megabytes, 'data-figures': JSON.stringify(figures) };
  return `\n<script${attributes({ type: 'module', src, ...data })}></script>`;
}

const paragraphs = (texts: readonly string[]): string =>
  texts.map((text) => `<p>${escapeHtml(text)}</p>`).join('');

const split = (text: string): string[] =>
  text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');

function factList({ facts, seconds }: PageMeta): string {
  const all = { ...facts, ...(seconds !== undefined && { 'Time for all pictures': duration(seconds) }) };
  const items = Object.entries(all).map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return items.length > 0 ? `<dl>${items.join('')}</dl>` : '';
}

const entry = ({ experiment }: Section): string =>
  `<li><a href="#${escapeHtml(experiment.id)}">${escapeHtml(experiment.title)}</a></li>`;

/** The tables of a section, and a word where more is to come. */
export function sectionPictures({ experiment, pictures, coming }: Section): string {
  const made = tables(pictures, ({ figure }) => figure).map((table) =>
    isStrip(table) ? strip(table, experiment) : grid(table, experiment),
  );
  if (coming) made.push('<p class="coming" role="status">The pictures of this section are being made …</p>');
  return made.join('\n');
}

function section({ experiment, pictures, coming }: Section): string {
  const { id, title, text, html, formula = [], remark, example } = experiment;
  const heading = `${id}-title`;
  return `<section${attributes({ id, 'aria-labelledby': heading })}>
<h2 id="${escapeHtml(heading)}"><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></h2>
<div class="prose">${html ?? paragraphs(split(text))}
${formula.map(({ tex, plain }) => `<div class="formula" tabindex="0" role="group" aria-label="Formula">${mathml(tex, plain)}</div>`).join('\n')}</div>
<div class="pictures">${sectionPictures({ experiment, pictures, coming })}</div>
<div class="prose">${remark === undefined ? '' : `<p class="remark">${escapeHtml(remark)}</p>`}
${example === '' ? '' : commandLine(example)}</div>
</section>`;
}

/** Width of a picture in a table of so many columns, in pixels: with the row names they fill 58 rem. */
const WIDTHS = [256, 256, 224, 208, 176, 148, 120, 100];
const widthOf = (columns: number): string => `--columns: ${columns}; --picture: ${WIDTHS[columns] ?? 92}px`;

function strip({ columns, rows: [row] }: Table<PagePicture>, experiment: SectionText): string {
  const named = row!.name === '' ? '' : `<h3>${escapeHtml(row!.name)}</h3>`;
  const items = row!.cells.flatMap((cell, i) =>
    cell.map((picture) => {
      const head = speaksForItself(picture) ? '' : `<p class="head">${escapeHtml(columns[i]!)}</p>`;
      return `<li>${head}${plate(picture, experiment)}</li>`;
    }),
  );
  return `${named}<ul class="strip" style="${widthOf(columns.length)}">${items.join('')}</ul>`;
}

function grid({ columns, rows }: Table<PagePicture>, experiment: SectionText): string {
  const present = rows.flatMap(({ cells }) => cells.flat());
  const heads = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const lines = rows.map(({ name, cells }) => {
    const shown = cells
      .map((cell) => `<td>${cell.map((picture) => plate(picture, experiment)).join('')}</td>`)
      .join('');
    return `<tr><th scope="row">${escapeHtml(name)}</th>${shown}</tr>`;
  });
  // A named region with a tab stop, so that the keyboard can scroll it.
  const region = attributes({
    class: 'scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': `Pictures: ${experiment.title}`,
  });
  const table = attributes({
    class: present.every(speaksForItself) && 'headless',
    style: widthOf(columns.length),
  });
  return `<div${region}><table${table}><thead><tr><td></td>${heads}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

import { dataUri, escapeHtml } from '../src/gallery/html.ts';
import { mathml } from '../src/gallery/mathml.ts';
import type { Table } from '../src/gallery/tables.ts';
import type { ExperimentInfo, FigureInfo, Job } from '../src/server/api-types.ts';
import { ownPicturesOf } from './code.ts';
import { tablesOf } from './figure-table.ts';
import { labelOf, shown } from './schema.ts';

/** A job as one HTML file that needs nothing else: what the section says, the values, the figures with their recipes inside. */
export async function pageOf(experiment: ExperimentInfo, job: Job): Promise<Blob> {
  const pictures = new Map(
    await Promise.all(job.figures.map(async ({ url }) => [url, await inlined(url)] as const)),
  );
  const cell = (figure: FigureInfo) =>
    `<figure><img src="${pictures.get(figure.url)}" alt="${escapeHtml(figure.caption ?? figure.column)}"><figcaption>${escapeHtml(figure.caption ?? '')}</figcaption></figure>`;
  const table = ({ columns, rows }: Table<FigureInfo>) =>
    `<table><tr><td></td>${columns.map((column) => `<th>${escapeHtml(column)}</th>`).join('')}</tr>${rows
      .map(
        ({ name, cells }) =>
          `<tr><th>${escapeHtml(name)}</th>${cells.map((some) => `<td>${some.map(cell).join('')}</td>`).join('')}</tr>`,
      )
      .join('')}</table>`;
  const values = Object.entries(job.recipe.params)
    .map(
      ([name, value]) =>
        `<dt>${escapeHtml(labelOf(name, experiment.schema.properties[name] ?? {}))}</dt><dd>${escapeHtml(shown(value))}</dd>`,
    )
    .join('');
  // It is about the document's picture.
  const remark =
    experiment.remark && ownPicturesOf(job.recipe).length === 0
      ? `<p>${escapeHtml(experiment.remark)}</p>`
      : '';
  const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(experiment.title)}</title>
<style>${STYLE}</style>
<h1>${escapeHtml(experiment.title)}</h1>
<p>${escapeHtml(experiment.text)}</p>
${(experiment.formula ?? []).map(({ tex, plain }) => mathml(tex, plain)).join('\n')}
<div class="scroll">${tablesOf(job.figures).map(table).join('\n')}</div>
${remark}
<dl>${values}</dl>
</html>
`;
  return new Blob([html], { type: 'text/html' });
}

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-inline-size:72rem;margin:2rem auto;padding:0 1rem}
p{max-inline-size:44rem}.scroll{overflow:auto;margin-block:2rem}table{border-collapse:collapse}th,td{padding:.4rem;vertical-align:top;font-weight:500;text-align:left}
math{display:block math;inline-size:fit-content;margin-inline:0;text-align:start}@media print{.scroll{overflow:visible}}
img{inline-size:160px;block-size:160px;image-rendering:pixelated;display:block}figure{margin:0}figcaption{max-inline-size:160px;font-size:.85rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;font-size:.9rem}dt{opacity:.75}dd{margin:0}`;

async function inlined(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The picture ${url} is not there any more.`);
  return dataUri(new Uint8Array(await response.arrayBuffer()));
}

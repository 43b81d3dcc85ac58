import type { Fork } from '../src/experiments/branch.ts';
import type { ExperimentInfo, ParamSchema, Recipe } from '../src/server/api-types.ts';
import { isObject } from './backend.ts';
import { pictureName } from './names.ts';
import { isList, isNumber, kindOf, type Params, withoutDefaults } from './schema.ts';

/** The lines that make exactly this, in one language. */
export interface Code {
  readonly language: string;
  readonly text: string;
}

/** Which lines of a text stand for a parameter: the first and how many; undefined where it has its default. */
export function linesOf(
  { language, text }: Code,
  name: string,
  field: ParamSchema,
): { readonly from: number; readonly count: number } | undefined {
  const lines = text.split('\n');
  const option = optionOf(name, field);
  const begins = (line: string) =>
    language === 'Command'
      ? [option, `--no-${option.slice(2)}`].includes(line.trim().split(' ', 1)[0]!)
      : line.startsWith(`    ${JSON.stringify(name)}:`);
  const from = lines.findIndex(begins);
  if (from < 0) return undefined;
  // An option may stand there several times; a value goes on as long as its lines lie deeper.
  const goesOn = (line: string) =>
    language === 'Command' ? begins(line) : line.startsWith('     ') || /^ {4}[\]}]/.test(line);
  const rest = lines.slice(from + 1).findIndex((line) => !goesOn(line));
  return { from, count: rest < 0 ? lines.length - from : rest + 1 };
}

/** What makes these values again, elsewhere: defaults left out, own pictures named as files. */
export function codeOf(
  experiment: ExperimentInfo,
  params: Params,
  address: string | undefined,
  from?: readonly Fork[],
): readonly Code[] {
  const told = withoutDefaults(experiment, params);
  const recipe = { experiment: experiment.id, params: told, ...(from ? { from } : {}) };
  return [
    { language: 'Command', text: commandLines(experiment, told, from) },
    ...(address === undefined
      ? []
      : [
          { language: 'TypeScript', text: typescript(recipe, address) },
          { language: 'curl', text: curl(recipe, address) },
        ]),
    { language: 'JSON', text: json(recipe) },
  ];
}

/** Indented; numbers of a list stand in one line. */
const json = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(
    /\[\n *(-?\d[^"\]{}[]*)\]/g,
    (_, numbers: string) => `[${numbers.trim().replace(/,\s+/g, ', ')}]`,
  );

/** References of pictures that only this backend has. */
export const ownPictures = (params: Params): string[] => [
  ...new Set(Object.values(params).flat().filter(isObject)),
];

/** Of a branch, those of the runs that it left, too. */
export const ownPicturesOf = ({ params, from = [] }: Pick<Recipe, 'params' | 'from'>): string[] => [
  ...new Set([params, ...from.map((fork) => fork.params)].flatMap(ownPictures)),
];

const inFiles = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(inFiles)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inFiles(one)]))
      : isObject(value)
        ? pictureName(value)
        : value;

function commandLines(experiment: ExperimentInfo, params: Params, from?: readonly Fork[]): string {
  const options = Object.entries(params).flatMap(([name, value]) =>
    optionsOf(name, experiment.schema.properties[name]!, inFiles(value)),
  );
  const branch = from ? [`--from ${quoted(JSON.stringify(inFiles(from)))}`] : [];
  return [`campanile ${experiment.id}`, ...options, ...branch].join(' \\\n  ');
}

const optionOf = (name: string, field: ParamSchema): string =>
  `--${field.cli ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function optionsOf(name: string, field: ParamSchema, value: unknown): string[] {
  const option = optionOf(name, field);
  if (typeof value === 'boolean') return [value ? option : `--no-${option.slice(2)}`];
  const numbers = isNumber(field.items ?? {}) || kindOf(field) === 'course';
  if (isList(field) && numbers) return [`${option} ${[value].flat().join(',')}`];
  return [value].flat().map((one) => `${option} ${quoted(String(one))}`);
}

/** A word as a shell reads it back. */
const quoted = (word: string): string =>
  /^[\w./:,@%+][\w./:=,@%+-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

function typescript(recipe: Recipe, origin: string): string {
  const own = ownPicturesOf(recipe);
  const files = new Map(own.map((reference, i) => [reference, `picture${own.length > 1 ? i + 1 : ''}`]));
  const body = json(recipe).replace(/"object:[0-9a-f]{64}"/g, (text) => files.get(text.slice(1, -1)) ?? text);
  return `import { readFile, writeFile } from 'node:fs/promises';

const server = '${origin}';
const call = async (path: string, init?: RequestInit) => {
  const response = await fetch(server + path, init);
  if (!response.ok) throw new Error((await response.json()).detail);
  return response;
};
${
  own.length > 0
    ? `const upload = async (file: string) => {
  const form = new FormData();
  form.append('file', new Blob([await readFile(file)]), file);
  const { uploads } = await (await call('/v1/uploads', { method: 'POST', body: form })).json();
  return uploads[0].reference as string;
};
${[...files].map(([reference, name]) => `const ${name} = await upload('${pictureName(reference)}');`).join('\n')}
`
    : ''
}
const recipe = ${body};
const headers = { 'content-type': 'application/json' };
let job = await (await call('/v1/jobs', { method: 'POST', headers, body: JSON.stringify(recipe) })).json();
await (await call(\`/v1/jobs/\${job.id}/events\`)).text(); // to its end
job = await (await call(\`/v1/jobs/\${job.id}\`)).json();
for (const { id, url } of job.figures)
  await writeFile(\`\${id}.png\`, new Uint8Array(await (await call(url)).arrayBuffer()));
`.replace(own.length > 0 ? '' : 'readFile, ', '');
}

function curl(recipe: Recipe, origin: string): string {
  const uploads = ownPicturesOf(recipe).map(
    (reference) =>
      `curl -s ${origin}/v1/uploads -F file=@${quoted(pictureName(reference))}   # → ${reference}`,
  );
  const body = quoted(json(recipe));
  return [
    ...uploads,
    `id=$(curl -s ${origin}/v1/jobs -H 'content-type: application/json' -d ${body} | grep -o '[0-9a-f]\\{64\\}' | head -1)`,
    `curl -sN ${origin}/v1/jobs/$id/events > events.txt   # to its end`,
    `curl -s ${origin}/v1/jobs/$id | grep -o '/v1/objects/[0-9a-f]*' | sort -u | xargs -I{} curl -sOJ '${origin}{}?download'`,
  ].join('\n');
}

import { CampanileError, RecipeError } from '../src/errors.ts';
import { type Experiment, everyExperiment, fieldsOf, parseParams } from '../src/experiments/index.ts';
import type { LiveFigure } from '../src/gallery/page.ts';
import { type Asked, readValue } from './address.ts';
import { make } from './dom.ts';
import { liveFigure } from './figure.ts';
import beside from './style/beside.css?inline';
import controls from './style/controls.css?inline';
import stage from './style/stage.css?inline';

/**
 * `<campanile-figure experiment="sdedit" prompt="a rocket ship" i-start="7">`: a live figure for anybody's page. Attributes are
 * the parameters of the experiment, by their own names or by those of the command's options; `params` takes all as JSON.
 */
export class CampanileFigure extends HTMLElement {
  #place = this.attachShadow({ mode: 'open' });

  connectedCallback(): void {
    if (this.#place.childElementCount > 0 || !this.hasAttribute('experiment')) return;
    try {
      const { experiment, params } = readAttributes(this);
      void this.show({ experiment: experiment.id, params }, { params: {} }, () => {});
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** As a section of the page shows it. */
  async show(
    { experiment: id, params: usual }: LiveFigure,
    given: Asked,
    changed: (asked: Asked) => void,
    link?: () => string,
  ): Promise<void> {
    this.dataset['experiment'] = id; // styles go by it
    try {
      this.#fill(await liveFigure({ experiment: experimentNamed(id), usual, given, changed, link }));
    } catch (error) {
      this.#refuse(error);
    }
  }

  #fill(...content: Node[]): void {
    this.#place.replaceChildren(make('style', { textContent: stage + beside + controls }), ...content);
  }

  #refuse(error: unknown): void {
    const { message, hint = '' } = error as CampanileError;
    const said = error instanceof CampanileError ? [message, hint].filter(Boolean).join('; ') : message;
    this.#fill(make('p', { className: 'problem', textContent: said }));
  }
}

/** What every element may have. */
const GLOBAL =
  /^(?:id|class|style|title|lang|dir|hidden|slot|part|role|tabindex|experiment|params|data-.*|aria-.*)$/;

/**
 * @throws {RecipeError} for an experiment that there is not, an attribute that it does not have, or a value that it cannot take
 */
function readAttributes(element: Element): { experiment: Experiment; params: Record<string, unknown> } {
  const experiment = experimentNamed(element.getAttribute('experiment')!);
  const { properties } = fieldsOf(experiment);
  const names = new Map<string, string>();
  for (const [name, { cli }] of Object.entries(properties))
    for (const spelling of [kebab(name), cli ?? kebab(name)]) names.set(spelling, name);
  const params: Record<string, unknown> = {};
  const spelt = new Map<PropertyKey, string>();
  const json = element.getAttribute('params');
  if (json !== null) Object.assign(params, objectOf(json));
  for (const { name: attribute, value } of element.attributes) {
    if (GLOBAL.test(attribute)) continue;
    const name = names.get(attribute);
    if (name === undefined)
      throw new RecipeError(
        attribute,
        `campanile-figure has no such attribute for ${experiment.id}`,
        `it has ${[...new Set([...names.keys()])].join(', ')}, and params for all of them as JSON`,
      );
    spelt.set(name, attribute);
    const { type, items } = properties[name]!;
    const list = type === 'array' && !value.startsWith('[');
    const read = (list ? items?.type : type) === 'string' ? value : readValue(value);
    params[name] = list ? [read] : read;
  }
  const called = ([name = '', ...rest]: readonly PropertyKey[]) =>
    [spelt.get(name) ?? String(name), ...rest.map(String)].join('.');
  return { experiment, params: parseParams(experiment, params, { called }) };
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function objectOf(json: string): object {
  const value = readValue(json);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new RecipeError('params', 'expected an object as JSON', `as in params='{"seed": 3}'`);
}

function experimentNamed(id: string): Experiment {
  const experiment = everyExperiment.find((known) => known.id === id);
  if (experiment) return experiment;
  const all = everyExperiment.map((known) => known.id).join(', ');
  throw new RecipeError('experiment', `there is no experiment "${id}"`, `there are ${all}`);
}

customElements.define('campanile-figure', CampanileFigure);

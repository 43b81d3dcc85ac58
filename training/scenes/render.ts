import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { drawPair, type Pair, samplePair } from './compose.ts';
import { caption } from './grammar.ts';
import { faded, looseCamera, repainted, warped } from './loosen.ts';
import { treatments } from './media.ts';
import { Pen } from './pen.ts';
import { Rng } from './random.ts';
import { type Drawn, type Medium, media, type Scene } from './scene.ts';
import { type SubjectName, subjects, subjectTable } from './subjects/index.ts';

export interface SceneSpec {
  seed: number;
  subject: SubjectName;
  medium: Medium;
  /** a second subject; the picture then belongs to the first */
  pair?: Pair;
  /** in any pose rather than the usual one, see loosen.ts */
  loose?: boolean;
}

export interface RenderedScene {
  /** RGB, row by row */
  data: Uint8Array;
  caption: string;
  subject: SubjectName;
  medium: Medium;
}

const mediumShare: Record<Medium, number> = {
  photo: 0.46,
  oil: 0.19,
  lithograph: 0.12,
  watercolour: 0.07,
  sketch: 0.06,
  flat: 0.1,
};
/** Media the page asks of a subject come more often. */
const favourite: Partial<Record<SubjectName, [Medium, number]>> = {
  skull: ['lithograph', 0.55],
  waterfall: ['lithograph', 0.55],
  village: ['oil', 0.6],
  campfire: ['oil', 0.45],
  oldman: ['oil', 0.4],
  dog: ['oil', 0.2],
};

function weighted<K extends string>(r: Rng, weights: readonly (readonly [K, number])[]): K {
  let left = r.unit() * weights.reduce((sum, [, w]) => sum + w, 0);
  for (const [key, w] of weights) {
    left -= w;
    if (left < 0) return key;
  }
  return weights[0]![0];
}

function sampleMedium(r: Rng, subject: SubjectName): Medium {
  const [medium, share] = favourite[subject] ?? ['photo', 0];
  if (r.chance(share)) return medium;
  return weighted(
    r,
    media.map((m) => [m, mediumShare[m]] as const),
  );
}

/** What a seed stands for. Sampling the subject follows the weights; about one picture in eight holds two subjects. */
export function sampleSpec(seed: number, force: { subject?: SubjectName; medium?: Medium } = {}): SceneSpec {
  const r = new Rng(Math.imul(seed, 2654435761));
  const drawnSubject = weighted(
    r,
    subjects.map((name) => [name, subjectTable[name].weight] as const),
  );
  const subject = force.subject ?? drawnSubject;
  const medium = force.medium ?? sampleMedium(r, subject);
  if (!force.subject && r.chance(0.12)) {
    const pair = samplePair(r);
    return { seed, subject: pair.thing, medium, pair };
  }
  return { seed, subject, medium };
}

/** Held-out pictures: one seed in twenty, never trained on. */
export function isHeldOut(seed: number): boolean {
  return new Rng(Math.imul(seed, 374761393) + 11).unit() < 0.05;
}

const shared = new Map<number, SKRSContext2D>();

function canvas(side: number): SKRSContext2D {
  const g = shared.get(side) ?? createCanvas(side, side).getContext('2d');
  shared.set(side, g);
  g.setTransform(1, 0, 0, 1, 0, 0);
  g.globalAlpha = 1;
  g.clearRect(0, 0, side, side);
  return g;
}

/** Another picture's colours for the one that is on the canvas; true if they changed what is red or blue. */
function loosened(g: SKRSContext2D, side: number, seed: number, r: Rng): boolean {
  const image = g.getImageData(0, 0, side, side);
  const pixels = { data: image.data, side };
  if (r.chance(0.6)) warped(pixels, r);
  const repaint = r.chance(0.35);
  if (repaint) {
    const other = renderScene({ ...sampleSpec(seed + 7919), medium: 'photo' }, 16);
    repainted(pixels, other.data, r.between(0.3, 0.8));
  }
  if (r.chance(0.25)) faded(pixels, r);
  g.putImageData(image, 0, 0);
  return repaint;
}

/** Draws on a larger canvas, averages down, treats. `draw` works on the unit square. */
export function render(
  size: number,
  medium: Medium,
  seed: number,
  draw: (s: Scene) => Drawn,
  { camera = true, loose = false } = {},
): { data: Uint8Array; drawn: Drawn; repaint: boolean } {
  const super_ = size >= 256 ? 1 : 2;
  const side = size * super_;
  const g = canvas(side);
  const r = new Rng(Math.imul(seed, 2246822519) + 0x9e37);
  g.save();
  g.scale(side, side);
  const p = new Pen(g);
  if (camera) {
    if (r.chance(0.5)) {
      g.translate(1, 0);
      g.scale(-1, 1);
    }
    const zoom = r.between(0.96, 1.1);
    g.translate(0.5, 0.5);
    g.rotate(r.between(-0.025, 0.025));
    g.scale(zoom, zoom);
    g.translate(-0.5 + r.between(-0.025, 0.025), -0.5 + r.between(-0.02, 0.02));
  }
  const free = new Rng(Math.imul(seed, 1597334677) + 5);
  if (loose) {
    const { x, y, zoom, turn } = looseCamera(free);
    g.translate(0.5, 0.5);
    g.rotate(turn);
    g.scale(zoom, zoom);
    g.translate(-x, -y);
  }
  const drawn = draw({ p, r, medium, loose });
  g.restore();
  const repaint = loose && loosened(g, side, seed, free);
  const after = new Rng(Math.imul(seed, 668265263) + 3);
  treatments[medium].onCanvas?.(g, side, after, loose);
  const image = averaged(g.getImageData(0, 0, side, side).data, size, super_);
  treatments[medium].onPixels(image, size, after, loose);
  return { data: Uint8Array.from(image, (v) => Math.max(0, Math.min(255, Math.round(v)))), drawn, repaint };
}

function averaged(rgba: Uint8ClampedArray, size: number, by: number): Float32Array {
  const out = new Float32Array(size * size * 3);
  const side = size * by;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const from = (y * side + x) * 4;
      const to = (((y / by) | 0) * size + ((x / by) | 0)) * 3;
      for (let k = 0; k < 3; k++) out[to + k]! += rgba[from + k]! / (by * by);
    }
  return out;
}

export function renderScene(spec: SceneSpec, size: number): RenderedScene {
  const { pair } = spec;
  const { data, drawn, repaint } = render(
    size,
    spec.medium,
    spec.seed,
    (s) => (pair ? drawPair(s, pair) : subjectTable[spec.subject].draw(s)),
    { loose: spec.loose ?? false },
  );
  const words = pair ? drawn.words! : subjectTable[spec.subject].words;
  // Under other colours what the drawing says of its own may no longer be true.
  const own = repaint ? { only: drawn.only } : drawn;
  const text = caption(
    new Rng(Math.imul(spec.seed, 3266489917) + 7),
    spec.medium,
    words,
    pair ? { ...own, words: [] } : own,
  );
  return { data, caption: text, subject: spec.subject, medium: spec.medium };
}

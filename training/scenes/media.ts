import type { SKRSContext2D } from '@napi-rs/canvas';
import { Rng } from './random.ts';
import type { Medium } from './scene.ts';
import { smooth } from './smooth.ts';

/**
 * What turns the clean drawing into a medium. Strokes on the canvas first, then arithmetic on the pixels. A loose hand has a
 * wide brush, and leaves edges as they come.
 */
export interface Treatment {
  onCanvas?: (g: SKRSContext2D, side: number, r: Rng, loose: boolean) => void;
  onPixels: (image: Float32Array, size: number, r: Rng, loose: boolean) => void;
}

const grain = (() => {
  const r = new Rng(99);
  return Float32Array.from({ length: 65536 }, () => r.normal());
})();
const grainAt = (i: number) => grain[i & 65535]!;

const luminance = (b: ArrayLike<number>, i: number) => b[i]! * 0.3 + b[i + 1]! * 0.59 + b[i + 2]! * 0.11;

/** How steep the picture is, as if it were 64 pixels wide. */
function edges(l: Float32Array, n: number): (x: number, y: number) => number {
  const k = Math.sqrt(n / 64);
  return (x, y) => {
    const i = y * n + x;
    const dx = l[x < n - 1 ? i + 1 : i]! - l[x ? i - 1 : i]!;
    const dy = l[y < n - 1 ? i + n : i]! - l[y ? i - n : i]!;
    return Math.hypot(dx, dy) * k;
  };
}

function luminances(b: Float32Array, n: number): Float32Array {
  return Float32Array.from({ length: n * n }, (_, i) => luminance(b, i * 3));
}

/** A slight blur, as of a lens; radius in pixels of the picture. */
function soften(b: Float32Array, n: number, radius: number): void {
  const side = Math.min(0.32, radius);
  const mid = 1 - 2 * side;
  const line = new Float32Array(n * 3);
  const pass = (at: (i: number) => number) => {
    for (let i = 0; i < n; i++)
      for (let k = 0; k < 3; k++)
        line[i * 3 + k] =
          b[at(i) + k]! * mid + side * (b[at(Math.max(0, i - 1)) + k]! + b[at(Math.min(n - 1, i + 1)) + k]!);
    for (let i = 0; i < n; i++) for (let k = 0; k < 3; k++) b[at(i) + k] = line[i * 3 + k]!;
  };
  for (let y = 0; y < n; y++) pass((x) => (y * n + x) * 3);
  for (let x = 0; x < n; x++) pass((y) => (y * n + x) * 3);
}

function photo(b: Float32Array, n: number, r: Rng): void {
  if (r.chance(0.7)) soften(b, n, r.between(0, 0.22) * Math.min(1.4, n / 64));
  const noise = r.between(0.2, 1.6);
  const vignette = r.between(0, 0.3);
  const contrast = r.between(0.94, 1.12);
  const brightness = r.between(-8, 8);
  const red = 1 + r.between(-0.05, 0.05);
  const blue = 1 + r.between(-0.05, 0.05);
  const cloud = smooth(r, 6);
  const fine = smooth(r, 22);
  const shade = r.between(0.01, 0.05);
  const offset = r.integer(0, 65535);
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) {
      const i = y * n + x;
      const u = x / n;
      const v = y / n;
      const fall =
        (1 - vignette * ((u - 0.5) ** 2 + (v - 0.5) ** 2) * 2) *
        (1 + shade * (cloud(u, v) + 0.5 * fine(u, v)));
      const q = grainAt(i * 7 + offset) * noise * 0.8;
      for (let k = 0; k < 3; k++) {
        const t =
          ((b[i * 3 + k]! - 128) * contrast + 128 + brightness) * fall +
          q +
          grainAt(i * 3 + k + offset * 3) * noise * 0.3;
        b[i * 3 + k] = t * (k === 0 ? red : k === 2 ? blue : 1);
      }
    }
}

/**
 * Two layers of brush strokes that follow the edges, coloured from the drawing beneath; then, as a painter
 * ends with a fine brush, the edges themselves are gone over once more.
 */
function brush(g: SKRSContext2D, side: number, r: Rng, loose: boolean): void {
  const image = g.getImageData(0, 0, side, side).data;
  const l = new Float32Array(side * side);
  const hue = new Float32Array(side * side);
  for (let i = 0; i < l.length; i++) {
    l[i] = luminance(image, i * 4);
    hue[i] = (image[i * 4]! - image[i * 4 + 2]!) * 0.4;
  }
  const reach = Math.max(1, Math.round(side / 64));
  const clampTo = (v: number) => Math.max(0, Math.min(side - 1, v));
  // Red on green of the same lightness has an edge as well: whichever is steeper counts.
  const gx = new Float32Array(side * side);
  const gy = new Float32Array(side * side);
  const tones = [l, hue];
  const steepness = new Float32Array(side * side);
  for (let y = 0, i = 0; y < side; y++) {
    const up = clampTo(y - reach) * side;
    const down = clampTo(y + reach) * side;
    for (let x = 0; x < side; x++, i++) {
      const left = y * side + clampTo(x - reach);
      const right = y * side + clampTo(x + reach);
      for (const tone of tones) {
        const dx = tone[right]! - tone[left]!;
        const dy = tone[down + x]! - tone[up + x]!;
        const steep = Math.sqrt(dx * dx + dy * dy);
        if (steep < steepness[i]!) continue;
        gx[i] = dx;
        gy[i] = dy;
        steepness[i] = steep;
      }
    }
  }
  const unlike = (p: number, q: number) =>
    Math.max(Math.abs(l[p]! - l[q]!), Math.abs(hue[p]! - hue[q]!)) > 22;
  const flow = r.between(0, Math.PI);
  const byte = (v: number) => Math.max(0, Math.min(255, v)) | 0;
  g.lineCap = 'round';
  const wide = loose ? r.between(1.2, 1.9) : 1;
  for (const [width, count, alpha] of [
    [side * 0.045 * wide, 320 / wide, 0.75],
    [side * 0.02 * wide, 900 / wide ** 2, 0.85],
  ] as const)
    for (let stroke = 0; stroke < count; stroke++) {
      const x = (r.unit() * side) | 0;
      const y = (r.unit() * side) | 0;
      const i = y * side + x;
      const steep = steepness[i]!;
      const coarse = width > side * 0.04;
      if (coarse && steep > 20) continue;
      const a = steep > 10 ? Math.atan2(gx[i]!, -gy[i]!) : flow + r.between(-0.6, 0.6);
      const length = width * r.between(0.8, 1.9) * (steep > 25 ? 0.7 : 1);
      const j = r.between(-8, 8);
      const tone = (k: number) => byte(image[i * 4 + k]! + j + r.between(-3, 3));
      g.strokeStyle = `rgba(${tone(0)},${tone(1)},${tone(2)},${alpha})`;
      g.lineWidth = width * (!coarse && steep > 25 ? 0.55 : 1) * r.between(0.5, 0.9);
      // A stroke that would run into another colour stops short of it.
      const end = (way: number): [number, number] => {
        const ex = x + way * Math.cos(a) * length;
        const ey = y + way * Math.sin(a) * length;
        const there = clampTo(Math.round(ey)) * side + clampTo(Math.round(ex));
        return unlike(there, i) ? [x, y] : [ex, ey];
      };
      g.beginPath();
      g.moveTo(...end(-1));
      g.lineTo(...end(1));
      g.stroke();
    }
  const painted = g.getImageData(0, 0, side, side);
  const { data } = painted;
  for (let i = 0; i < side * side; i++) {
    const share = Math.min(loose ? 0.4 : 0.72, (steepness[i]! - 12) / 60);
    if (share > 0) for (let k = i * 4; k < i * 4 + 3; k++) data[k]! += (image[k]! - data[k]!) * share;
  }
  g.putImageData(painted, 0, 0);
}

function canvasTexture(b: Float32Array, n: number, r: Rng): void {
  const saturation = r.between(1.08, 1.28);
  const offset = r.integer(0, 65535);
  for (let i = 0; i < n * n; i++) {
    const l = luminance(b, i * 3);
    const q = grainAt(i + offset) * 1.2;
    for (let k = 0; k < 3; k++) b[i * 3 + k] = l + (b[i * 3 + k]! - l) * saturation + q;
  }
}

/** Ink or graphite on paper: tones become hatching, edges become lines. */
function drawn(kind: 'lithograph' | 'sketch') {
  const papers = {
    lithograph: [
      [244, 238, 224],
      [250, 248, 242],
      [236, 226, 206],
    ],
    sketch: [
      [252, 251, 247],
      [246, 243, 236],
    ],
  };
  const inks = {
    lithograph: [
      [20, 18, 18],
      [34, 26, 22],
      [26, 28, 38],
    ],
    sketch: [
      [50, 50, 54],
      [64, 62, 62],
    ],
  };
  return (b: Float32Array, n: number, r: Rng, loose: boolean): void => {
    if (loose) soften(b, n, 0.22);
    const l = luminances(b, n);
    const edge = edges(l, n);
    const paper = r.pick(papers[kind]);
    const ink = r.pick(inks[kind]);
    let low = 255;
    let high = 0;
    let mean = 0;
    for (const v of l) {
      if (v < low) low = v;
      if (v > high) high = v;
      mean += v / l.length;
    }
    const span = high - low + 1e-3;
    const gamma = Math.log(0.56) / Math.log(Math.min(0.8, Math.max(0.08, (mean - low) / span)));
    const a = r.between(0, Math.PI);
    const pitch = (loose ? r.between(4, 8) : r.between(4, 5.5)) * (n / 64);
    const hatch = (x: number, y: number, turn: number) =>
      0.5 + 0.5 * Math.sin(((x * Math.cos(turn) + y * Math.sin(turn)) * 2 * Math.PI) / pitch);
    const offset = r.integer(0, 65535);
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++) {
        const i = y * n + x;
        const v = ((l[i]! - low) / span) ** gamma;
        const e = Math.min(1, edge(x, y) / (kind === 'lithograph' ? 170 : 80));
        let d: number;
        if (kind === 'lithograph') {
          let t = 1 - v;
          t = t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) ** 2;
          d =
            t * 0.85 +
            (t > 0.12 ? Math.min(t, 1 - t) * 0.24 * (hatch(x, y, a) - 0.45) : 0) +
            e * 0.3 +
            grainAt(i * 5 + offset) * 0.016;
        } else
          d =
            e * 0.75 +
            (1 - v) ** 1.4 * 0.42 * (0.75 + 0.3 * hatch(x, y, a)) +
            grainAt(i * 5 + offset) * 0.016;
        d = Math.max(0, Math.min(1, d));
        for (let k = 0; k < 3; k++) b[i * 3 + k] = paper[k]! + (ink[k]! - paper[k]!) * d;
      }
  };
}

function watercolour(b: Float32Array, n: number, r: Rng, loose: boolean): void {
  if (loose) soften(b, n, 0.25);
  const wet = loose ? 1.35 : 1;
  const wash = smooth(r, 7);
  const bloom = smooth(r, 14);
  const edge = edges(luminances(b, n), n);
  const border = r.chance(0.6) ? r.between(0.03, 0.09) : -1;
  const paper = [250, 248, 242];
  const offset = r.integer(0, 65535);
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) {
      const i = y * n + x;
      const u = x / n;
      const v = y / n;
      const q = (wash(u, v) * 0.13 + bloom(u, v) * 0.1) * wet;
      const e = Math.min(1, edge(x, y) / 300);
      const dry = Math.min(u, v, 1 - u, 1 - v) + bloom(u, v) * 0.05 < border;
      for (let k = 0; k < 3; k++) {
        const t = b[i * 3 + k]!;
        b[i * 3 + k] = dry
          ? paper[k]! + grainAt(i + offset) * 2
          : t + (255 - t) * (0.26 + q) - e * 40 + grainAt(i * 3 + offset) * 1.5;
      }
    }
}

export const treatments: Record<Medium, Treatment> = {
  photo: { onPixels: photo },
  oil: { onCanvas: brush, onPixels: canvasTexture },
  lithograph: { onPixels: drawn('lithograph') },
  watercolour: { onPixels: watercolour },
  sketch: { onPixels: drawn('sketch') },
  flat: { onPixels: () => {} },
};

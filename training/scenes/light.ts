import { type Colour, jittered, type Rgb, rgb } from './colour.ts';
import type { Scene } from './scene.ts';

const times = {
  day: {
    top: '#3f86d6',
    low: '#bfe0f5',
    sun: '#fffbe0',
    ambient: '#ffffff',
    strength: 1,
    words: 'in daylight',
  },
  morning: {
    top: '#6aa5dc',
    low: '#fbe3c0',
    sun: '#fff2c0',
    ambient: '#fff3dc',
    strength: 0.96,
    words: 'in the morning',
  },
  sunset: {
    top: '#41457e',
    low: '#fb9a4b',
    sun: '#ffd27a',
    ambient: '#ffc79a',
    strength: 0.8,
    words: 'at sunset',
  },
  dusk: {
    top: '#2a2a5c',
    low: '#c86a86',
    sun: '#ffb09a',
    ambient: '#c9a4c8',
    strength: 0.62,
    words: 'at dusk',
  },
  night: {
    top: '#060a22',
    low: '#21356b',
    sun: '#f1f3ff',
    ambient: '#7d92d6',
    strength: 0.38,
    words: 'at night',
  },
  cloudy: {
    top: '#8d9aa8',
    low: '#d4dade',
    sun: '#eef0f0',
    ambient: '#d8dde4',
    strength: 0.82,
    words: 'on a cloudy day',
  },
} as const;

export type Time = keyof typeof times;

export interface Light {
  time: Time;
  /** sky at the zenith and at the horizon */
  top: Rgb;
  low: Rgb;
  sun: Rgb;
  ambient: Rgb;
  /** 1 is full daylight */
  strength: number;
  words: string;
  sunX: number;
}

const usual: readonly Time[] = ['day', 'day', 'day', 'morning', 'sunset', 'dusk', 'night', 'cloudy'];

export function light({ r, medium }: Scene, allowed: readonly Time[] = usual): Light {
  let time = r.pick(allowed);
  // Ink on paper has no night: everything would be black.
  const ink = medium === 'lithograph' || medium === 'sketch';
  if (ink && time === 'night' && allowed.some((t) => t !== 'night')) time = 'day';
  const t = times[time];
  return {
    time,
    top: jittered(r, t.top, 14),
    low: jittered(r, t.low, 12),
    sun: rgb(t.sun),
    ambient: rgb(t.ambient),
    strength: t.strength * r.between(0.92, 1.05),
    words: t.words,
    sunX: r.between(0.1, 0.9),
  };
}

/** A surface's colour under this light. */
export function lit(l: Light, colour: Colour): Rgb {
  const c = rgb(colour);
  const on = (i: 0 | 1 | 2) => Math.min(255, c[i] * l.strength * (0.35 + (0.65 * l.ambient[i]) / 255));
  return [on(0), on(1), on(2)];
}

export const isDark = (l: Light): boolean => l.strength < 0.7;

import { snr } from '../../src/diffusion/process.ts';

/** "t = 300 · ᾱ = 0.79 · SNR 5.7 dB": how much picture there is at a level, in numbers. */
export function levelSays(t: number, alphaBars: readonly number[]): string {
  const alphaBar = alphaBars[t];
  if (t < 0 || alphaBar === undefined) return 'clean';
  return `t = ${t} · ᾱ = ${shortly(alphaBar)} · SNR ${decibels(snr(alphaBar))}`;
}

export const shortly = (value: number): string => {
  const places = Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.01 || value === 0 ? 2 : 4;
  return String(Number(value.toFixed(places)));
};

const decibels = (ratio: number): string => `${(10 * Math.log10(ratio)).toFixed(1).replace('-', '−')} dB`;

import { snr } from '../../src/diffusion/process.ts';

/** "t = 300 · ᾱ = 0.79 · SNR 5.7 dB": how much picture there is at a level, in numbers. */
export function levelSays(t: number, alphaBars: readonly number[]): string {
  const alphaBar = alphaBars[t];
  if (t < 0 || alphaBar === undefined) return 'clean';
  return `t = ${t} · ᾱ = ${shortly(alphaBar)} · SNR ${decibels(snr(alphaBar))}`;
}

/** Two places behind the point; of what is smaller two digits, so that no small number is called 0. */
export const shortly = (value: number): string => {
  const size = Math.abs(value);
  return String(
    Number(size >= 10 ? value.toFixed(1) : size >= 0.01 ? value.toFixed(2) : value.toPrecision(2)),
  );
};

const decibels = (ratio: number): string => `${(10 * Math.log10(ratio)).toFixed(1).replace('-', '−')} dB`;

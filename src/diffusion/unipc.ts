import { subtract, type Tensor, weightedSum } from '../tensor/tensor.ts';
import { type AlphaBar, CLEAN, halfLogSnr, noiseRate, signalRate, type Timestep } from './process.ts';
import type { Past, Sampler } from './sampler.ts';

/**
 * UniPC of order 2, B₂(h) = e^h − 1, on x̂₀. What is seen at t first corrects the step that led there, at no further
 * call of the network; then the next one is predicted from the corrected x.
 *
 *     x_t^c = σ_t/σ_s·x_s − α_t·B·(x̂₀(s) + ρ₁·D₁/r₁ + ρ₂·(x̂₀(t) − x̂₀(s)))          (UniC, Algorithm 1)
 *     x_t′ = σ_t′/σ_t·x_t^c − α_t′·B·(x̂₀(t) + ½·D₁/r₁)          (UniP, Algorithm 2)
 *
 * where B = e^−h − 1, D₁ is the difference to the x̂₀ one step further back and r₁ its distance in λ, in units of h.
 *
 * @see Zhao et al. 2023, "UniPC", arXiv 2302.04867
 */
export const unipc =
  (): Sampler =>
  ({ t, tNext, x, x0, past }, alphaBar) => {
    const from = past.length > 0 ? corrected({ t, x, x0 }, past, alphaBar) : x;
    const here = { t, x: from, x0 };
    const h = distance(alphaBar, t, tNext);
    const before = tNext === CLEAN ? [] : past.slice(0, 1);
    const slopes = before.map(
      (one) => [0.5 / (distance(alphaBar, t, one.t) / h), subtract(one.x0, x0)] as const,
    );
    return { from, to: arrival(here, tNext, alphaBar, slopes) };
  };

/** x_t again, from the step before and with what is seen at t. */
function corrected(now: Past, [last, older]: readonly Past[], alphaBar: AlphaBar): Tensor {
  const { t, x0 } = last!;
  const h = distance(alphaBar, t, now.t);
  const change = subtract(now.x0, x0);
  if (!older) return arrival(last!, now.t, alphaBar, [[0.5, change]]);
  const r = distance(alphaBar, t, older.t) / h;
  // ρ solves ρ₁ + ρ₂ = b₁ and r₁·ρ₁ + ρ₂ = b₂ with bₖ = k!·φₖ₊₁(−h)·(−h)/B (eq. 8).
  const phi1 = Math.expm1(-h) / -h;
  const phi2 = (phi1 - 1) / -h;
  const phi3 = (phi2 - 1 / 2) / -h;
  const [b1, b2] = [phi2 / phi1, (2 * phi3) / phi1];
  const rho1 = (b1 - b2) / (1 - r);
  return arrival(last!, now.t, alphaBar, [
    [rho1 / r, subtract(older.x0, x0)],
    [b1 - rho1, change],
  ]);
}

const distance = (alphaBar: AlphaBar, from: Timestep, to: Timestep): number =>
  halfLogSnr(alphaBar(to)) - halfLogSnr(alphaBar(from));

/** σ_t′/σ_t·x − α_t′·B·(x̂₀ + Σ ρᵢ·Dᵢ): where a step arrives whose x̂₀ changes by that sum on its way. */
function arrival(
  { t, x, x0 }: Past,
  tNext: Timestep,
  alphaBar: AlphaBar,
  slopes: readonly (readonly [number, Tensor])[],
): Tensor {
  const [a, aNext] = [alphaBar(t), alphaBar(tNext)];
  const weight = -signalRate(aNext) * Math.expm1(-distance(alphaBar, t, tNext));
  const sloping = slopes.map(([rho, difference]) => [weight * rho, difference] as const);
  return weightedSum([noiseRate(aNext) / noiseRate(a), x], [weight, x0], ...sloping);
}

/** A small seeded generator (mulberry32): the same seed draws the same picture on every machine. */
export class Rng {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
    // Neighbouring seeds start alike; a few draws part them.
    for (let i = 0; i < 4; i++) this.unit();
  }

  unit(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  integer(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.unit() * from.length)]!;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(this.unit() + 1e-9)) * Math.cos(2 * Math.PI * this.unit());
  }

  /** -1 or 1 */
  side(): number {
    return this.chance(0.5) ? 1 : -1;
  }

  times(low: number, high: number, draw: (index: number, count: number) => void): void {
    const count = this.integer(low, high);
    for (let i = 0; i < count; i++) draw(i, count);
  }
}

/** States that can be gone back to. Kept within a count: a mask is 64 kB, a drawing's strokes are shared between states. */
export class Undo<T> {
  private past: T[] = [];
  private future: T[] = [];
  private readonly most: number;

  constructor(most = 200) {
    this.most = most;
  }

  /** Call with the state before a change. */
  remember(state: T): void {
    this.past = [...this.past, state].slice(-this.most);
    this.future = [];
  }

  /** The state before, given the one now. */
  back(now: T): T {
    const state = this.past.pop();
    if (state === undefined) return now;
    this.future.push(now);
    return state;
  }

  forward(now: T): T {
    const state = this.future.pop();
    if (state === undefined) return now;
    this.past.push(now);
    return state;
  }

  get canGoBack(): boolean {
    return this.past.length > 0;
  }

  get canGoForward(): boolean {
    return this.future.length > 0;
  }
}

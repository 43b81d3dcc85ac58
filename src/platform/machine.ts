/** What the program runs on. */
export interface Machine {
  /** Threads that compute at the same time. */
  readonly cores: number;
  /** Bytes the program can still get. */
  availableBytes(): number;
  /** Whether other programs want more than the machine has; false where that cannot be seen. */
  isBusy(): boolean;
  /** After everything that waits already has had its turn. */
  nextTurn(): Promise<void>;
}

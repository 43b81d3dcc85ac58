import { type ReactNode, useState } from 'react';

/**
 * Closing what has been painted asks first.
 *
 * @returns what to close with, and the question while it is open
 */
export function useUnsaved(
  changed: boolean,
  onClose: () => void,
): readonly [close: () => void, question: ReactNode] {
  const [asking, setAsking] = useState(false);
  const close = () => (changed && !asking ? setAsking(true) : onClose());
  const question = asking ? (
    <p className="unsaved" role="alert">
      What you painted has not been used yet.{' '}
      <button type="button" onClick={() => setAsking(false)}>
        Go on painting
      </button>
      <button type="button" onClick={onClose}>
        Throw it away
      </button>
    </p>
  ) : null;
  return [close, question];
}

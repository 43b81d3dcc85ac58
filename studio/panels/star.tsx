import { Icon } from '../icons.tsx';

/** Stars what is called so, or takes the star back. */
export function Star({
  name,
  starred,
  className = 'plain',
  onToggle,
}: {
  readonly name: string;
  readonly starred: boolean;
  readonly className?: string;
  readonly onToggle?: (() => void) | undefined;
}) {
  return (
    <button
      type="button"
      className={className}
      aria-label={`Star ${name}`}
      aria-pressed={starred}
      onClick={onToggle}
    >
      <Icon name="star" />
    </button>
  );
}

import { Icon } from '../icons.tsx';
import { dismiss, notices } from '../notices.ts';
import { useStore } from '../store.ts';

export function Notices() {
  return (
    <div className="notices" aria-live="polite" role="status">
      {useStore(notices).map(({ id, text, detail, tone, action }) => (
        <div key={id} className="notice" data-tone={tone}>
          <p>
            {text}
            {detail && <small>{detail}</small>}
          </p>
          {action && (
            <button
              type="button"
              onClick={() => {
                action.run();
                dismiss(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" className="plain" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="cross" />
          </button>
        </div>
      ))}
    </div>
  );
}

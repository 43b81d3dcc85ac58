import { Dialog } from '../dialog.tsx';
import type { Key } from '../keys.ts';

const shown: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ' ': 'Space' };

export function KeysHelp({ keys, onClose }: { readonly keys: readonly Key[]; readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {keys.map(({ keys: some, says }) => (
          <div key={says}>
            <dt>
              {some.map((key) => (
                <kbd key={key}>{shown[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</kbd>
              ))}
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>←</kbd> <kbd>→</kbd>
          </dt>
          <dd>on the slider under the curve: one step back, one step on</dd>
        </div>
      </dl>
    </Dialog>
  );
}

import { type MaskBoard, tools } from '../canvas/mask-board.ts';
import { Icon } from '../icons.tsx';
import { useStore } from '../store.ts';
import { Slider } from './slider.tsx';
import { UndoButtons } from './undo-buttons.tsx';

interface MaskToolsProps {
  readonly board: MaskBoard;
  readonly feather: number;
  readonly onFeather: (radius: number) => void;
}

export function MaskTools({ board, feather, onFeather }: MaskToolsProps) {
  useStore(board.version);
  const set = (values: Partial<Pick<MaskBoard, 'radius' | 'hardness' | 'tolerance'>>) => {
    Object.assign(board, values);
    board.changed();
  };
  return (
    <div className="tools">
      <div className="tool-row" role="radiogroup" aria-label="Tool">
        {tools.map(({ name, key, icon }) => (
          <label key={name} title={`${name} (${key.toUpperCase()})`}>
            <input
              type="radio"
              name="mask-tool"
              checked={board.tool.name === name}
              onChange={() => board.choose(name)}
            />
            <span>
              <Icon name={icon} />
              {name}
            </span>
          </label>
        ))}
      </div>
      {board.tool.gesture === 'paint' && (
        <>
          <Slider
            label="size"
            keys="[ ]"
            min={2}
            max={96}
            value={board.radius}
            unit="px"
            onChange={(radius) => set({ radius })}
          />
          <Slider
            label="hardness"
            keys="{ }"
            min={0}
            max={1}
            step={0.05}
            value={board.hardness}
            onChange={(hardness) => set({ hardness })}
          />
        </>
      )}
      {board.tool.gesture === 'place' && (
        <Slider
          label="tolerance"
          min={0}
          max={1}
          step={0.01}
          value={board.tolerance}
          onChange={(tolerance) => set({ tolerance })}
        />
      )}
      <Slider label="feather" keys="F" min={0} max={16} value={feather} unit="px" onChange={onFeather} />
      <div className="buttons">
        <UndoButtons
          onUndo={board.canGoBack && board.goBack}
          onRedo={board.canGoForward && board.goForward}
        />
        <button type="button" onClick={board.invert}>
          Invert
        </button>
        <button type="button" onClick={board.clear}>
          Clear
        </button>
      </div>
    </div>
  );
}

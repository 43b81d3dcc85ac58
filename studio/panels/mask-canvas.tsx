import { useEffect, useRef } from 'react';
import { placeOf, steer } from '../canvas/hand.ts';
import { feathered, SEEN, SIZE } from '../canvas/mask.ts';
import { type MaskBoard, tools } from '../canvas/mask-board.ts';
import { drawBoard, drawSeen } from '../canvas/mask-view.ts';
import { clamped } from '../schema.ts';
import { useStore } from '../store.ts';

interface MaskCanvasProps {
  readonly board: MaskBoard;
  readonly ground: HTMLCanvasElement;
  readonly feather: number;
  readonly onFeather: (radius: number) => void;
}

/** One of the model's pixels, and with Shift four. */
const STEP = 4;
const LEAP = 16;

export function MaskCanvas({ board, ground, feather, onFeather }: MaskCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const version = useStore(board.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what the board holds
  useEffect(() => drawBoard(canvas.current!, board, ground, feather), [board, version, ground, feather]);

  const at = (event: React.PointerEvent) => placeOf(event, canvas.current!, SIZE);
  return (
    <div
      className="mask-canvas"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
      tabIndex={0}
      aria-label="Mask. Arrow keys move the hand, B E L R G choose a tool, I inverts, brackets change the size, F the feather, Control Z undoes."
      aria-describedby="mask-hand"
      onKeyDown={(event) => onKey(event, board, feather, onFeather)}
    >
      <canvas
        ref={canvas}
        width={2 * SIZE}
        height={2 * SIZE}
        data-testid="mask-canvas"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          board.press(at(event));
        }}
        onPointerMove={(event) => board.moveTo(at(event))}
        onPointerUp={() => board.lift()}
        onPointerCancel={() => board.lift()}
      />
      <p id="mask-hand" className="hand" aria-live="polite">
        {`${board.tool.name} at ${Math.floor(board.hand.x / STEP)}, ${Math.floor(board.hand.y / STEP)}${board.down ? ', down' : ''}. ${board.tool.keys}.`}
      </p>
    </div>
  );
}

function onKey(
  event: React.KeyboardEvent,
  board: MaskBoard,
  feather: number,
  onFeather: (radius: number) => void,
): void {
  if (steer(event, board, STEP, LEAP) || event.ctrlKey || event.metaKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const tool = tools.find((one) => one.key === key);
  const commands = new Map<string, () => void>([
    [' ', () => board.key()],
    ['Enter', () => (board.down ? board.lift() : board.key())],
    ['i', board.invert],
    ['[', () => resize(board, -2)],
    [']', () => resize(board, 2)],
    ['{', () => harden(board, -0.1)],
    ['}', () => harden(board, 0.1)],
    ['f', () => onFeather((feather + 2) % 18)],
    ['Delete', board.clear],
  ]);
  const command = commands.get(key);
  if (tool) board.choose(tool.name);
  else if (command) command();
  else return;
  event.preventDefault();
}

function resize(board: MaskBoard, by: number): void {
  board.radius = clamped({ minimum: 2, maximum: 96 }, board.radius + by);
  board.changed();
}

function harden(board: MaskBoard, by: number): void {
  board.hardness = clamped({ minimum: 0, maximum: 1 }, board.hardness + by);
  board.changed();
}

/** The model's own pixels. */
export function MaskSeen({ board, ground, feather }: Omit<MaskCanvasProps, 'onFeather'>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const version = useStore(board.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what the board holds
  useEffect(
    () => drawSeen(canvas.current!, feathered(board.mask, feather), ground),
    [board, version, ground, feather],
  );
  return (
    <canvas
      ref={canvas}
      className="coarse seen"
      width={SEEN}
      height={SEEN}
      role="img"
      aria-label="The mask at 64 × 64"
    />
  );
}

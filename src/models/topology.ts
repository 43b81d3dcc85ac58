import type { Level, UNetConfig } from '../checkpoint/unet-config.ts';

/** A residual block: its name in the checkpoint, and channels in and out. */
export interface Resnet {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
}

/** An attention block: its name, and where it stands. */
export interface Attention {
  readonly name: string;
  readonly channels: number;
  readonly level: Level;
}

export interface Layer {
  readonly resnet: Resnet;
  readonly attention: Attention | undefined;
}

export interface StageOfLayers {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** The resnet that halves (on the way down) or doubles (on the way up) height and width. */
  readonly resampler: Resnet | undefined;
}

/** The network as a list of blocks, in the order in which they run. */
export interface Topology {
  readonly down: readonly StageOfLayers[];
  readonly mid: { readonly before: Resnet; readonly attention: Attention; readonly after: Resnet };
  readonly up: readonly StageOfLayers[];
}

export function topologyOf(config: UNetConfig): Topology {
  const first = config.down[0]!.channels;
  const down = config.down.map((level, i): StageOfLayers => {
    const name = `down_blocks.${i}`;
    const before = config.down[i - 1]?.channels ?? first;
    const layers = Array.from({ length: level.layers }, (_, j) =>
      layer(name, j, level, j === 0 ? before : level.channels),
    );
    return {
      name,
      layers,
      resampler: i < config.down.length - 1 ? resampler(`${name}.downsamplers.0`, level) : undefined,
    };
  });
  const skips = [
    first,
    ...down.flatMap(({ layers, resampler }) =>
      [...layers.map((l) => l.resnet), ...(resampler ? [resampler] : [])].map((r) => r.outChannels),
    ),
  ];
  const up = config.up.map((level, i): StageOfLayers => {
    const name = `up_blocks.${i}`;
    const before = config.up[i - 1]?.channels ?? level.channels;
    const layers = Array.from({ length: level.layers }, (_, j) =>
      layer(name, j, level, (j === 0 ? before : level.channels) + skips.pop()!),
    );
    return {
      name,
      layers,
      resampler: i < config.up.length - 1 ? resampler(`${name}.upsamplers.0`, level) : undefined,
    };
  });
  const { channels } = config.mid;
  const middle = (j: number): Resnet => ({
    name: `mid_block.resnets.${j}`,
    inChannels: channels,
    outChannels: channels,
  });
  return {
    down,
    mid: { before: middle(0), attention: attention('mid_block.attentions.0', config.mid), after: middle(1) },
    up,
  };
}

const layer = (stage: string, j: number, level: Level, inChannels: number): Layer => ({
  resnet: { name: `${stage}.resnets.${j}`, inChannels, outChannels: level.channels },
  attention: level.attention ? attention(`${stage}.attentions.${j}`, level) : undefined,
});

const resampler = (name: string, { channels }: Level): Resnet => ({
  name,
  inChannels: channels,
  outChannels: channels,
});

const attention = (name: string, level: Level): Attention => ({
  name,
  channels: level.channels,
  level,
});

export const attentionsOf = ({ down, mid, up }: Topology): Attention[] => [
  ...down.flatMap(({ layers }) => layers.flatMap((l) => l.attention ?? [])),
  mid.attention,
  ...up.flatMap(({ layers }) => layers.flatMap((l) => l.attention ?? [])),
];

export const resnetsOf = ({ down, mid, up }: Topology): Resnet[] => {
  const ofStage = ({ layers, resampler }: StageOfLayers) => [
    ...layers.map((l) => l.resnet),
    ...(resampler ? [resampler] : []),
  ];
  return [...down.flatMap(ofStage), mid.before, mid.after, ...up.flatMap(ofStage)];
};

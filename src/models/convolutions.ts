import type { UNetConfig } from '../checkpoint/unet-config.ts';
import type { Value } from '../graph/builder.ts';
import { parts, scaled } from '../graph/dims.ts';
import type { Dim } from '../graph/onnx.ts';
import * as op from '../graph/ops.ts';
import { type TileSide, winograd } from '../graph/winograd.ts';

/** How the convolutions of 3 × 3 are written. */
export interface Convolutions {
  readonly config: UNetConfig;
  /** The weights are used as they lie in their file: no other kernels are made of them. */
  readonly asStored: boolean;
  /** In tiles, where the device's own convolution is a product of matrices: fewer multiplications are less time. */
  readonly winograd: boolean;
}

/** What the layer `name` makes of x [B, in, H, W]. */
export function conv(x: Value, name: string, how: Convolutions): Value {
  const side = tileSide(channelsOf(x), x.shape[2]!, how);
  return side === undefined ? op.conv(x, name) : winograd(x, name, side);
}

/** What it makes of x with every pixel four times: [B, out, 2H, 2W]. */
export function doubledConv(x: Value, name: string, how: Convolutions): Value {
  // In tiles of four a quarter of the multiplications, rather than 4/9.
  const inTiles = channelsOf(x) >= 100 && tileSide(channelsOf(x), scaled(x.shape[2]!, 2), how) === 4;
  if (how.asStored || inTiles) return conv(op.nearestUpsample2(x), name, how);
  return op.upsampledConv(x, name);
}

/**
 * The side of the tiles in which a convolution is written. None where few channels do not pay for the way into the tiles and back,
 * and where pictures are so small that most of the memory is kernels (docs/decisions/0010-tiles.md).
 */
function tileSide(
  channels: number,
  height: Dim,
  { config, winograd, asStored }: Convolutions,
): TileSide | undefined {
  if (!winograd || asStored || config.sampleSize === undefined || channels < 48) return undefined;
  const pixels = config.sampleSize / parts(height);
  if (pixels >= 16) return 4;
  return pixels >= 8 ? 2 : undefined;
}

const channelsOf = (x: Value): number => x.shape[1] as number;

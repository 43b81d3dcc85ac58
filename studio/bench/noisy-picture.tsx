import { useEffect, useRef, useState } from 'react';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { firstNoise, noised, pictureTensor, pixelsOf } from '../noise.ts';

interface NoisyPictureProps {
  /** Address of the picture; without one it is all noise. */
  readonly url: string | undefined;
  readonly size: number;
  readonly seed: number;
  /** ᾱ at the level to show. */
  readonly alphaBar: number;
  readonly label: string;
}

/** A picture under noise, computed here as it is looked at. */
export function NoisyPicture({ url, size, seed, alphaBar, label }: NoisyPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [x0, setX0] = useState<Tensor>();
  useEffect(() => {
    let gone = false;
    setX0(undefined);
    if (url)
      void pictureTensor(url, size).then(
        (tensor) => !gone && setX0(tensor),
        () => undefined,
      );
    return () => {
      gone = true;
    };
  }, [url, size]);
  useEffect(() => {
    if (url && !x0) return;
    canvas
      .current!.getContext('2d')!
      .putImageData(pixelsOf(noised(x0, firstNoise(seed, size), url ? alphaBar : 0)), 0, 0);
  }, [x0, url, size, seed, alphaBar]);
  return <canvas ref={canvas} className="coarse" width={size} height={size} role="img" aria-label={label} />;
}

import sharp from 'sharp';
import { expect, test } from 'vitest';
import { animatedWebp } from '../../studio/canvas/webp.ts';

test.each([true, false])(
  'stills become an animation with their colours and times (lossless: %s)',
  async (lossless) => {
    const colours = ['#c00', '#0a0', '#00c'];
    const stills = await Promise.all(
      colours.map((background) =>
        sharp({ create: { width: 33, height: 20, channels: 3, background } })
          .webp({ lossless })
          .toBuffer(),
      ),
    );
    const file = animatedWebp(stills, { width: 33, height: 20, durationsMs: [90, 90, 1500] });
    const bytes = Buffer.from(await file.arrayBuffer());
    const { pages, delay, loop } = await sharp(bytes, { animated: true }).metadata();
    expect({ pages, delay, loop }).toEqual({ pages: 3, delay: [90, 90, 1500], loop: 0 });
    for (const [page, channel] of [0, 1, 2].entries()) {
      const { channels } = await sharp(bytes, { page }).removeAlpha().stats();
      expect(channels.map(({ mean }) => mean > 100)).toEqual([0, 1, 2].map((c) => c === channel));
    }
  },
);

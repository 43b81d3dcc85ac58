import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect } from 'vitest';

/** A photograph of somebody's own: a red disc on green, not square. */
export const photo = (format: 'png' | 'avif' = 'png'): Promise<Buffer> =>
  sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="150"><rect width="200" height="150" fill="#2a7"/><circle cx="100" cy="75" r="40" fill="#c22"/></svg>',
    ),
  )
    .toFormat(format)
    .toBuffer();

/** An experiment with a photograph of one's own, dropped on it under this name. */
export async function openWithPhoto(
  { page, open }: { readonly page: Page; open(experiment: string): Promise<unknown> },
  experiment: string,
  name: string,
): Promise<void> {
  await open(experiment);
  await dropAnywhere(page, await photo(), name);
  await page.getByRole('button', { name: new RegExp(`^picture: ${name.replaceAll('.', '\\.')}`) }).waitFor();
}

/** Drops a file into the middle of the window, beside every field. */
export async function dropAnywhere(page: Page, bytes: Buffer, name: string): Promise<void> {
  const dropped = await page.evaluateHandle(
    ([data, file]) => {
      const transfer = new DataTransfer();
      const type = `image/${file.split('.').at(-1)}`;
      transfer.items.add(new File([new Uint8Array(data)], file, { type }));
      return transfer;
    },
    [[...bytes], name] as const,
  );
  // A drag says where it is all the time; what is told of it goes soon after.
  const hovers = async () => {
    await page.locator('body').dispatchEvent('dragover', { dataTransfer: dropped });
    return page.getByText('it becomes the picture').isVisible();
  };
  await expect.poll(hovers, { timeout: 30_000 }).toBe(true);
  await page.locator('body').dispatchEvent('drop', { dataTransfer: dropped });
}

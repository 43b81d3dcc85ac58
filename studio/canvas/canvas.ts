/** A canvas that is not on the page, and its pen. */
export function canvasOf(
  width: number,
  height: number,
): { canvas: HTMLCanvasElement; pen: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return { canvas, pen: canvas.getContext('2d', { willReadFrequently: true })! };
}

export const loadImage = (url: string): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error(`The picture ${url} cannot be shown.`));
    image.src = url;
  });

export const toBlob = (canvas: HTMLCanvasElement, type = 'image/png'): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The browser cannot encode the picture.'))),
      type,
      0.92,
    ),
  );

/** The square in a picture's middle, which is what the model sees. */
export const middleSquare = ({ width, height }: { readonly width: number; readonly height: number }) => {
  const size = Math.min(width, height);
  return { left: Math.floor((width - size) / 2), top: Math.floor((height - size) / 2), size };
};

/** Draws the middle square of a picture over a whole square canvas. */
export function drawSquare(pen: CanvasRenderingContext2D, image: HTMLImageElement): void {
  const { left, top, size } = middleSquare({ width: image.naturalWidth, height: image.naturalHeight });
  pen.drawImage(image, left, top, size, size, 0, 0, pen.canvas.width, pen.canvas.height);
}

import type { Experiment, Figure } from '../experiments/experiment.ts';

/** What a section says: the parts of an experiment's record that the page prints. */
export interface SectionText
  extends Pick<Experiment, 'id' | 'title' | 'text' | 'formula' | 'remark' | 'example'> {
  /** In the place of `text`: HTML, `markdownHtml` of somebody's own words. */
  readonly html?: string | undefined;
}

/** How a picture with a `view` is turned. One of `css` and `png` is enough. */
export interface Turn {
  /** What happens to it, as in "flipped upside down". */
  readonly gesture: string;
  /** A CSS transform that does it. */
  readonly css?: string | undefined;
  /** The picture as the view shows it, faded in where no transform can do it. */
  readonly png?: Uint8Array | undefined;
}

export interface PagePicture {
  readonly figure: Omit<Figure, 'image'>;
  /** The file, with its recipe inside. */
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly turn?: Turn | undefined;
  /** Of a picture with more than two sides: what each shows, in the place of a turn. */
  readonly sides?:
    | readonly { readonly caption: string; readonly gesture: string; readonly png: Uint8Array }[]
    | undefined;
  /** The recipe as JSON, to be read beside the large picture. */
  readonly recipe?: unknown;
  /** The line that makes it again. */
  readonly command?: string | undefined;
}

export interface Section {
  readonly experiment: SectionText;
  readonly pictures: readonly PagePicture[];
  /** Whether more pictures are being made. */
  readonly coming?: boolean | undefined;
}

/** Pixels as screens hold them: RGBA, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What a picture file says of itself. */
export interface PictureFacts {
  /** 'png', 'jpeg', 'webp', 'gif', or whatever else the decoder takes it for. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly isCmyk: boolean;
}

/** RGB frames of one size, and how long each is shown. */
export interface Animation {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Uint8Array[];
  readonly delaysMs: readonly number[];
  /** 0 to 100. */
  readonly quality: number;
}

/** Pictures as the platform reads them. What cannot be read throws the platform's own error. */
export interface Pictures {
  /** From the head of the file: nothing is unpacked. */
  lookAt(file: Uint8Array): Promise<PictureFacts>;
  /** Turned as its EXIF orientation says, in sRGB. */
  unpack(file: Uint8Array): Promise<Pixels>;
  /** An animation that loops for ever. */
  animatedWebp(animation: Animation): Promise<Uint8Array>;
}

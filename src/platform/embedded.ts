/** The checkpoints that come with the package, and models that are called by a name. */
export interface EmbeddedModels {
  /** Addresses of the folders of stages I and II. */
  readonly base: string;
  readonly upscaler: string;
  /**
   * The folder of a model.
   *
   * @param nameOrFolder  what a user calls it: in Node a folder or the name of a pulled model, in a browser a URL
   */
  find(nameOrFolder: string): Promise<string>;
  /** The other way: what people call the model in a folder. */
  nameOf(folder: string): string;
}

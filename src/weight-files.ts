/** How the libraries name the weights of a component: diffusers' networks and transformers' encoders. */
export type WeightsName = 'diffusion_pytorch_model' | 'model';

/** Kinds of number that a set of weights is stored in; '' says nothing and means float32. */
export type WeightsVariant = '' | 'fp16' | 'bf16';

/** Weights of one kind: a single file, or an index and the parts it names. */
export interface WeightFiles {
  readonly variant: WeightsVariant;
  /** The file with everything, or the index. */
  readonly entry: string;
  /** Empty where everything is in one file. */
  readonly parts: readonly string[];
  /** Whether all parts are there that their names promise. */
  readonly complete: boolean;
}

/**
 * The sets of weights among the files of a folder, in the order of `variants`. What is fetched and what is opened is
 * chosen here, so that nothing is fetched that cannot be opened.
 *
 *     model.safetensors   model.fp16.safetensors
 *     model-00001-of-00002.safetensors   model.fp16-00001-of-00002.safetensors   model-00001-of-00002.fp16.safetensors
 *     model.safetensors.index.json   model.safetensors.index.fp16.json   model.fp16.safetensors.index.json
 *
 * @param names  without folders
 * @param stem  which of the two names; either by default
 */
export function weightFiles(
  names: readonly string[],
  variants: readonly WeightsVariant[],
  stem: WeightsName | '(?:model|diffusion_pytorch_model)' = '(?:model|diffusion_pytorch_model)',
): WeightFiles[] {
  const files = new RegExp(
    `^${stem}(?:\\.(?<before>[a-z]\\w*))?(?:-(?<part>\\d{5})-of-(?<count>\\d{5}))?(?:\\.(?<after>[a-z]\\w*))?\\.safetensors$`,
  );
  const indices = new RegExp(
    `^${stem}(?:\\.(?<before>[a-z]\\w*))?\\.safetensors\\.index(?:\\.(?<after>[a-z]\\w*))?\\.json$`,
  );
  return variants.flatMap((variant): WeightFiles[] => {
    const matching = (pattern: RegExp) =>
      names.flatMap((name) => {
        const groups = pattern.exec(name)?.groups;
        return groups && (groups['before'] ?? groups['after'] ?? '') === variant
          ? [{ name, count: groups['count'] }]
          : [];
      });
    const found = matching(files);
    const whole = found.find(({ count }) => count === undefined);
    if (whole) return [{ variant, entry: whole.name, parts: [], complete: true }];
    const [index] = matching(indices);
    if (!index) return [];
    const parts = found.filter(({ count }) => count === found[0]?.count).map(({ name }) => name);
    const complete = parts.length > 0 && parts.length === Number(found[0]?.count);
    return [{ variant, entry: index.name, parts, complete }];
  });
}

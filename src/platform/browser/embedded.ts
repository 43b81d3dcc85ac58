import type { EmbeddedModels } from '../embedded.ts';
import { place } from './files.ts';

// Written out one by one: bundlers find the files by these very expressions, and put them beside the page.
const base = place('campanile', {
  'model_index.json': new URL('../../../checkpoints/campanile/model_index.json', import.meta.url).href,
  'provenance.json': new URL('../../../checkpoints/campanile/provenance.json', import.meta.url).href,
  'subjects.json': new URL('../../../checkpoints/campanile/subjects.json', import.meta.url).href,
  'chosen.json': new URL('../../../checkpoints/campanile/chosen.json', import.meta.url).href,
  'pairs.json': new URL('../../../checkpoints/campanile/pairs.json', import.meta.url).href,
  'judge/config.json': new URL('../../../checkpoints/campanile/judge/config.json', import.meta.url).href,
  'judge/model.safetensors': new URL(
    '../../../checkpoints/campanile/judge/model.safetensors',
    import.meta.url,
  ).href,
  'scheduler/scheduler_config.json': new URL(
    '../../../checkpoints/campanile/scheduler/scheduler_config.json',
    import.meta.url,
  ).href,
  'text_encoder/config.json': new URL(
    '../../../checkpoints/campanile/text_encoder/config.json',
    import.meta.url,
  ).href,
  'text_encoder/model.safetensors': new URL(
    '../../../checkpoints/campanile/text_encoder/model.safetensors',
    import.meta.url,
  ).href,
  'tokenizer/tokenizer.json': new URL(
    '../../../checkpoints/campanile/tokenizer/tokenizer.json',
    import.meta.url,
  ).href,
  'unet/config.json': new URL('../../../checkpoints/campanile/unet/config.json', import.meta.url).href,
  'unet/diffusion_pytorch_model.safetensors': new URL(
    '../../../checkpoints/campanile/unet/diffusion_pytorch_model.safetensors',
    import.meta.url,
  ).href,
});

const upscaler = place('campanile-ii', {
  'model_index.json': new URL('../../../checkpoints/campanile-ii/model_index.json', import.meta.url).href,
  'provenance.json': new URL('../../../checkpoints/campanile-ii/provenance.json', import.meta.url).href,
  'image_noising_scheduler/scheduler_config.json': new URL(
    '../../../checkpoints/campanile-ii/image_noising_scheduler/scheduler_config.json',
    import.meta.url,
  ).href,
  'scheduler/scheduler_config.json': new URL(
    '../../../checkpoints/campanile-ii/scheduler/scheduler_config.json',
    import.meta.url,
  ).href,
  'unet/config.json': new URL('../../../checkpoints/campanile-ii/unet/config.json', import.meta.url).href,
  'unet/diffusion_pytorch_model.safetensors': new URL(
    '../../../checkpoints/campanile-ii/unet/diffusion_pytorch_model.safetensors',
    import.meta.url,
  ).href,
});

export const embedded: EmbeddedModels = {
  base,
  upscaler,
  find: async (address) => new URL(address, globalThis.location.href).href.replace(/\/+$/, ''),
  nameOf: (folder) => folder.slice(folder.lastIndexOf('/') + 1),
};

"""
A T5-XXL encoder of random weights as the hub has it: fp16 but for the matrices `wo`, one shard per block. Usage: make_t5.py FOLDER BLOCKS

24 blocks are the whole encoder: 4.76 billion parameters, 11.5 GB.
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

folder, blocks = Path(sys.argv[1]), int(sys.argv[2])
width, heads, head_width, feed_forward, vocabulary = 4096, 64, 64, 10240, 32128
generator = torch.Generator().manual_seed(180)


def random(*shape, std, dtype=torch.float16):
    return (std * torch.randn(*shape, generator=generator)).to(dtype)


def block(index):
    """As transformers initialises them: q is small, for T5 does not divide scores by the root of the width."""
    attention, dense = (f'encoder.block.{index}.layer.{layer}' for layer in (0, 1))
    tensors = {f'{attention}.SelfAttention.{name}.weight': random(width, width, std=std) for name, std in
               dict(q=(width * head_width) ** -0.5, k=width ** -0.5, v=width ** -0.5, o=width ** -0.5).items()}
    if index == 0:
        tensors[f'{attention}.SelfAttention.relative_attention_bias.weight'] = random(32, heads, std=width ** -0.5)
    for name in ('wi_0', 'wi_1'):
        tensors[f'{dense}.DenseReluDense.{name}.weight'] = random(feed_forward, width, std=width ** -0.5)
    tensors[f'{dense}.DenseReluDense.wo.weight'] = random(width, feed_forward, std=feed_forward ** -0.5, dtype=torch.float32)
    return tensors | {f'{layer}.layer_norm.weight': 1 + random(width, std=0.1) for layer in (attention, dense)}


folder.mkdir(parents=True, exist_ok=True)
names = {}
for index in range(blocks + 1):
    tensors = block(index) if index < blocks else {
        'shared.weight': random(vocabulary, width, std=1), 'encoder.final_layer_norm.weight': 1 + random(width, std=0.1)}
    shard = f'model-{index + 1:05}-of-{blocks + 1:05}.safetensors'
    save_file(tensors, folder / shard, metadata={'format': 'pt'})
    names |= dict.fromkeys(tensors, shard)
(folder / 'model.safetensors.index.json').write_text(json.dumps({'metadata': {}, 'weight_map': names}))
(folder / 'config.json').write_text(json.dumps(dict(
    architectures=['T5EncoderModel'], model_type='t5', d_model=width, d_kv=head_width, d_ff=feed_forward, num_heads=heads, num_layers=blocks,
    vocab_size=vocabulary, relative_attention_num_buckets=32, relative_attention_max_distance=128, layer_norm_epsilon=1e-6,
    feed_forward_proj='gated-gelu', dense_act_fn='gelu_new', is_gated_act=True, is_encoder_decoder=False, use_cache=False,
    tie_word_embeddings=False, dropout_rate=0.1, initializer_factor=1.0)))

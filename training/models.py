"""The networks in plain PyTorch, parameter names and arithmetic as in diffusers and transformers.

Plain, because the CUDA run happens where neither is installed, and because the norms are ours
(kernels.py). `check_models.py` compares both against the libraries.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

from kernels import convolution, norm_act, norm_tokens

RESNET_DOWN, CROSS_DOWN = 'ResnetDownsampleBlock2D', 'SimpleCrossAttnDownBlock2D'
RESNET_UP, CROSS_UP = 'ResnetUpsampleBlock2D', 'SimpleCrossAttnUpBlock2D'
TEXT_WIDTH = 128
VOCABULARY = 2048


def unet_config(widths, layers, attention, cross, groups, **more):
    """A diffusers UNet2DConditionModel config with IF's constants; `attention` is the number of deepest levels that attend."""
    levels = len(widths)
    down = [CROSS_DOWN if i >= levels - attention else RESNET_DOWN for i in range(levels)]
    config = dict(
        sample_size=64, in_channels=3, out_channels=6, block_out_channels=list(widths), layers_per_block=list(layers),
        down_block_types=down, up_block_types=[CROSS_UP if d == CROSS_DOWN else RESNET_UP for d in reversed(down)],
        mid_block_type='UNetMidBlock2DSimpleCrossAttn', act_fn='gelu', attention_head_dim=32, cross_attention_dim=cross,
        cross_attention_norm='group_norm', norm_num_groups=groups, norm_eps=1e-5, encoder_hid_dim=TEXT_WIDTH,
        encoder_hid_dim_type='text_proj', addition_embed_type='text', addition_embed_type_num_heads=4,
        resnet_time_scale_shift='scale_shift', resnet_skip_time_act=False, resnet_out_scale_factor=1.0,
        mid_block_scale_factor=1, time_embedding_dim=None, time_embedding_act_fn=None, class_embed_type=None,
        only_cross_attention=False, flip_sin_to_cos=True, freq_shift=0, center_input_sample=False, dropout=0.0)
    config.update(more)
    return config


STAGE_I = unet_config((32, 48, 160, 256), (1, 1, 1, 1), attention=2, cross=160, groups=16, time_embedding_dim=192)
ROOT_HALF = 1 / 0.7071
STAGE_II = unet_config((16, 16, 32, 64, 128), (1, 1, 1, 1, 1), attention=1, cross=96, groups=8, sample_size=256, in_channels=6,
                       class_embed_type='timestep', time_embedding_act_fn='gelu', resnet_skip_time_act=True, time_embedding_dim=128,
                       resnet_out_scale_factor=ROOT_HALF, mid_block_scale_factor=ROOT_HALF)
T5 = dict(vocab_size=VOCABULARY, d_model=TEXT_WIDTH, d_kv=32, d_ff=256, num_layers=3, num_heads=4, feed_forward_proj='gated-gelu',
          dropout_rate=0.0, is_encoder_decoder=False, use_cache=False, tie_word_embeddings=False, pad_token_id=0, eos_token_id=1,
          relative_attention_num_buckets=32, relative_attention_max_distance=128, layer_norm_epsilon=1e-6)


def attend(q, k, v):
    # On a CPU the backward pass of PyTorch's fused attention costs four times these two products.
    if q.device.type != 'cpu':
        return F.scaled_dot_product_attention(q, k, v)
    return ((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)).softmax(-1) @ v


class Resnet(nn.Module):
    def __init__(self, a, b, c, resize=None, scale=1.0):
        super().__init__()
        groups, eps, width = c['norm_num_groups'], c['norm_eps'], time_width(c)
        self.norm1 = nn.GroupNorm(groups, a, eps)
        self.conv1 = nn.Conv2d(a, b, 3, padding=1)
        self.time_emb_proj = nn.Linear(width, 2 * b)
        self.norm2 = nn.GroupNorm(groups, b, eps)
        self.conv2 = nn.Conv2d(b, b, 3, padding=1)
        if a != b:
            self.conv_shortcut = nn.Conv2d(a, b, 1)
        self.resize, self.scale, self.skip_act = resize, scale, c['resnet_skip_time_act']

    def forward(self, x, e):
        h = norm_act(x, self.norm1)
        if self.resize == 'down':
            x, h = F.avg_pool2d(x, 2), F.avg_pool2d(h, 2)
        elif self.resize == 'up':
            x, h = F.interpolate(x, scale_factor=2.0), F.interpolate(h, scale_factor=2.0)
        h = convolution(h, self.conv1)
        scale, shift = self.time_emb_proj(e if self.skip_act else F.gelu(e)).chunk(2, 1)
        h = convolution(norm_act(h, self.norm2, scale, shift), self.conv2)
        if hasattr(self, 'conv_shortcut'):
            x = self.conv_shortcut(x)
        return x + h if self.scale == 1 else (x + h) / self.scale


class Attention(nn.Module):
    """Keys and values are the text tokens first, then the image's own."""

    def __init__(self, width, c):
        super().__init__()
        cross, self.head = c['cross_attention_dim'], c['attention_head_dim']
        self.group_norm = nn.GroupNorm(c['norm_num_groups'], width, 1e-5)
        self.norm_cross = nn.GroupNorm(32, cross, 1e-5)
        self.to_q, self.to_k, self.to_v = (nn.Linear(width, width) for _ in range(3))
        self.add_k_proj, self.add_v_proj = nn.Linear(cross, width), nn.Linear(cross, width)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x, text):
        n, c, h, w = x.shape
        tokens = x.permute(0, 2, 3, 1).reshape(n, h * w, c)
        text = norm_tokens(text, self.norm_cross)
        z = norm_tokens(tokens, self.group_norm)
        heads = lambda y: y.view(n, -1, c // self.head, self.head).transpose(1, 2)
        k = torch.cat([heads(self.add_k_proj(text)), heads(self.to_k(z))], 2)
        v = torch.cat([heads(self.add_v_proj(text)), heads(self.to_v(z))], 2)
        y = attend(heads(self.to_q(z)), k, v).transpose(1, 2).reshape(n, h * w, c)
        return x + self.to_out[0](y).view(n, h, w, c).permute(0, 3, 1, 2)


class Level(nn.Module):
    def __init__(self, sizes, width, c, attends, resize, last):
        super().__init__()
        scale = c['resnet_out_scale_factor']
        self.resnets = nn.ModuleList([Resnet(a, width, c, scale=scale) for a in sizes])
        if attends:
            self.attentions = nn.ModuleList([Attention(width, c) for _ in sizes])
        if not last:
            setattr(self, 'downsamplers' if resize == 'down' else 'upsamplers', nn.ModuleList([Resnet(width, width, c, resize, scale)]))

    def layer(self, j, x, e, text):
        x = self.resnets[j](x, e)
        return self.attentions[j](x, text) if hasattr(self, 'attentions') else x


class Embedding(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(a, b), nn.Linear(b, b)

    def forward(self, x):
        return self.linear_2(F.gelu(self.linear_1(x)))


class Pool(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.positional_embedding = nn.Parameter(torch.randn(1, width) / width ** 0.5)
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.heads = heads

    def forward(self, u):
        n, s, width = u.shape
        c = u.mean(1, keepdim=True) + self.positional_embedding
        v = torch.cat([c, u], 1)
        heads = lambda y: y.view(n, -1, self.heads, width // self.heads).transpose(1, 2)
        y = F.scaled_dot_product_attention(heads(self.q_proj(c)), heads(self.k_proj(v)), heads(self.v_proj(v)))
        return y.transpose(1, 2).reshape(n, width)


class TextTime(nn.Module):
    def __init__(self, width, out, heads):
        super().__init__()
        self.norm1, self.pool = nn.LayerNorm(width), Pool(width, heads)
        self.proj, self.norm2 = nn.Linear(width, out), nn.LayerNorm(out)

    def forward(self, text):
        return self.norm2(self.proj(self.pool(self.norm1(text))))


class Mid(nn.Module):
    def __init__(self, width, c):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(width, width, c, scale=c['mid_block_scale_factor']) for _ in range(2)])
        self.attentions = nn.ModuleList([Attention(width, c)])


def time_width(c):
    return c['time_embedding_dim'] or 4 * c['block_out_channels'][0]


class UNet(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.config = c
        widths, layers, levels, time = c['block_out_channels'], c['layers_per_block'], len(c['block_out_channels']), time_width(c)
        self.conv_in = nn.Conv2d(c['in_channels'], widths[0], 3, padding=1)
        self.time_embedding = Embedding(widths[0], time)
        if c['class_embed_type'] == 'timestep':
            self.class_embedding = Embedding(widths[0], time)
        self.add_embedding = TextTime(c['encoder_hid_dim'], time, c['addition_embed_type_num_heads'])
        self.encoder_hid_proj = nn.Linear(c['encoder_hid_dim'], c['cross_attention_dim'])
        self.down_blocks = nn.ModuleList()
        skips, before = [widths[0]], widths[0]
        for i, width in enumerate(widths):
            last = i == levels - 1
            self.down_blocks.append(Level([before if j == 0 else width for j in range(layers[i])], width, c, c['down_block_types'][i] == CROSS_DOWN, 'down', last))
            skips += [width] * (layers[i] + (not last))
            before = width
        self.mid_block = Mid(widths[-1], c)
        self.up_blocks = nn.ModuleList()
        for i in range(levels):
            width, sizes = widths[levels - 1 - i], []
            for j in range(layers[levels - 1 - i] + 1):
                sizes.append((before if j == 0 else width) + skips.pop())
            self.up_blocks.append(Level(sizes, width, c, c['up_block_types'][i] == CROSS_UP, 'up', i == levels - 1))
            before = width
        self.conv_norm_out = nn.GroupNorm(c['norm_num_groups'], widths[0], c['norm_eps'])
        self.conv_out = nn.Conv2d(widths[0], c['out_channels'], 3, padding=1)

    def sinusoid(self, t):
        half = self.config['block_out_channels'][0] // 2
        a = t.float()[:, None] * torch.exp(-math.log(10000) / half * torch.arange(half, device=t.device))
        return torch.cat([a.cos(), a.sin()], 1)

    def forward(self, x, t, text, labels=None):
        e = self.time_embedding(self.sinusoid(t))
        if labels is not None:
            e = e + self.class_embedding(self.sinusoid(labels))
        e = e + self.add_embedding(text)
        if self.config['time_embedding_act_fn']:
            e = F.gelu(e)
        text = self.encoder_hid_proj(text)
        h = self.conv_in(x)
        skips = [h]
        for level in self.down_blocks:
            for j in range(len(level.resnets)):
                h = level.layer(j, h, e, text)
                skips.append(h)
            if hasattr(level, 'downsamplers'):
                h = level.downsamplers[0](h, e)
                skips.append(h)
        h = self.mid_block.resnets[0](h, e)
        h = self.mid_block.resnets[1](self.mid_block.attentions[0](h, text), e)
        for level in self.up_blocks:
            for j in range(len(level.resnets)):
                h = level.layer(j, torch.cat([h, skips.pop()], 1), e, text)
            if hasattr(level, 'upsamplers'):
                h = level.upsamplers[0](h, e)
        return convolution(norm_act(h, self.conv_norm_out), self.conv_out)


class RMSNorm(nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x):
        x = x.float()
        return self.weight * x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.eps)


class SelfAttention(nn.Module):
    def __init__(self, c, first):
        super().__init__()
        inner = c['num_heads'] * c['d_kv']
        self.q, self.k, self.v = (nn.Linear(c['d_model'], inner, bias=False) for _ in range(3))
        self.o = nn.Linear(inner, c['d_model'], bias=False)
        if first:
            self.relative_attention_bias = nn.Embedding(c['relative_attention_num_buckets'], c['num_heads'])
        self.c = c

    def forward(self, x, bias):
        n, s, _ = x.shape
        heads = lambda y: y.view(n, s, self.c['num_heads'], self.c['d_kv']).transpose(1, 2)
        y = F.scaled_dot_product_attention(heads(self.q(x)), heads(self.k(x)), heads(self.v(x)), attn_mask=bias, scale=1.0)
        return self.o(y.transpose(1, 2).reshape(n, s, -1))


class Gated(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.wi_0, self.wi_1 = (nn.Linear(c['d_model'], c['d_ff'], bias=False) for _ in range(2))
        self.wo = nn.Linear(c['d_ff'], c['d_model'], bias=False)

    def forward(self, x):
        return self.wo(F.gelu(self.wi_0(x), approximate='tanh') * self.wi_1(x))


class SubLayer(nn.Module):
    def __init__(self, name, inner, c):
        super().__init__()
        self.layer_norm = RMSNorm(c['d_model'], c['layer_norm_epsilon'])
        setattr(self, name, inner)


class TextBlock(nn.Module):
    def __init__(self, c, first):
        super().__init__()
        self.layer = nn.ModuleList([SubLayer('SelfAttention', SelfAttention(c, first), c), SubLayer('DenseReluDense', Gated(c), c)])

    def forward(self, x, bias):
        x = x + self.layer[0].SelfAttention(self.layer[0].layer_norm(x), bias)
        return x + self.layer[1].DenseReluDense(self.layer[1].layer_norm(x))


class TextStack(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.block = nn.ModuleList([TextBlock(c, i == 0) for i in range(c['num_layers'])])
        self.final_layer_norm = RMSNorm(c['d_model'], c['layer_norm_epsilon'])


class TextEncoder(nn.Module):
    """T5 v1.1 encoder. Token ids [N, S] and 1/0 mask to [N, S, d_model]."""

    def __init__(self, c=T5):
        super().__init__()
        self.config = c
        self.shared = nn.Embedding(c['vocab_size'], c['d_model'])
        self.encoder = TextStack(c)

    def buckets(self, s, device):
        count, far = self.config['relative_attention_num_buckets'] // 2, self.config['relative_attention_max_distance']
        d = torch.arange(s, device=device)[None] - torch.arange(s, device=device)[:, None]
        near, size = count // 2, d.abs()
        large = near + (torch.log(size.clamp(min=1).float() / near) / math.log(far / near) * (count - near)).long()
        return (d > 0).long() * count + torch.where(size < near, size, large.clamp(max=count - 1))

    def forward(self, ids, mask):
        x = self.shared(ids)
        bias = self.encoder.block[0].layer[0].SelfAttention.relative_attention_bias(self.buckets(ids.shape[1], ids.device)).permute(2, 0, 1)[None]
        bias = bias + (1 - mask[:, None, None].to(bias.dtype)) * -1e9
        for block in self.encoder.block:
            x = block(x, bias.to(torch.get_autocast_dtype(x.device.type)) if torch.is_autocast_enabled(x.device.type) else bias)
        return self.encoder.final_layer_norm(x)


def initialise(unet, text):
    """diffusers' defaults, but each block starts as the identity and the output as zero."""
    for m in unet.modules():
        if isinstance(m, Resnet):
            nn.init.zeros_(m.conv2.weight)
            nn.init.zeros_(m.conv2.bias)
    nn.init.zeros_(unet.conv_out.weight)
    nn.init.zeros_(unet.conv_out.bias)
    c = text.config
    d, kv, heads, ff = c['d_model'], c['d_kv'], c['num_heads'], c['d_ff']
    nn.init.normal_(text.shared.weight, std=1.0)
    for block in text.encoder.block:
        a, f = block.layer[0].SelfAttention, block.layer[1].DenseReluDense
        nn.init.normal_(a.q.weight, std=(d * kv) ** -0.5)
        for m in (a.k, a.v):
            nn.init.normal_(m.weight, std=d ** -0.5)
        nn.init.normal_(a.o.weight, std=(heads * kv) ** -0.5)
        for m in (f.wi_0, f.wi_1):
            nn.init.normal_(m.weight, std=d ** -0.5)
        nn.init.normal_(f.wo.weight, std=ff ** -0.5)
        if hasattr(a, 'relative_attention_bias'):
            nn.init.normal_(a.relative_attention_bias.weight, std=d ** -0.5)


def parameters(m):
    return sum(p.numel() for p in m.parameters())

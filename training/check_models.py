"""Our plain networks and hand-made tokenizer against diffusers, transformers and SentencePiece."""
import tempfile
from pathlib import Path

import sentencepiece
import torch
from diffusers import UNet2DConditionModel
from transformers import AutoTokenizer, T5Config, T5EncoderModel

import models
import prepare
import tokenizer


def close(name, a, b):
    error = ((a - b).abs().max() / b.abs().max()).item()
    print(f'{name}: largest relative difference {error:.1e}')
    assert error < 1e-4


torch.manual_seed(0)
for name, config in (('stage I', models.STAGE_I), ('stage II', models.STAGE_II)):
    ours, theirs = models.UNet(config), UNet2DConditionModel(**config)
    theirs.load_state_dict(ours.state_dict())
    x, t, text = torch.randn(2, config['in_channels'], 64, 64), torch.tensor([7, 900]), torch.randn(2, 77, models.TEXT_WIDTH)
    labels = torch.tensor([3, 500]) if config['class_embed_type'] else None
    a, b = ours(x, t, text, labels), theirs(x, t, text, class_labels=labels).sample
    close(name, a, b)
    a.square().mean().backward()
    b.square().mean().backward()
    wanted = dict(theirs.named_parameters())
    for kind in ('conv1.weight', 'norm1.weight'):
        pairs = [(p.grad, wanted[k].grad) for k, p in ours.named_parameters() if k.endswith(kind)]
        close(f'{name}, gradient of {kind}', *(torch.cat([g.flatten() for g in side]) for side in zip(*pairs)))
with torch.no_grad():
    ours, theirs = models.TextEncoder().eval(), T5EncoderModel(T5Config(**models.T5)).eval()
    theirs.load_state_dict(ours.state_dict(), strict=False)
    ids, mask = torch.randint(0, models.VOCABULARY, (2, 77)), (torch.arange(77)[None] < torch.tensor([[5], [70]])).long()
    close('text encoder', ours(ids, mask), theirs(ids, attention_mask=mask).last_hidden_state)

with tempfile.TemporaryDirectory() as folder:
    tokenizer.save(folder)
    fast, encode = AutoTokenizer.from_pretrained(folder), tokenizer.encoder()
    spm = sentencepiece.SentencePieceProcessor(model_file=str(Path(folder) / 'spiece.model'))
    for prompt in [*prepare.PROMPTS, '', 'xylophone  quartz', "a barista's café", 'two  spaces, 3 dots...']:
        words = prompt.lower().strip()
        ours = encode([prompt])[0][0]
        assert fast(words, padding='max_length', max_length=77, truncation=True).input_ids == ours, prompt
        assert (spm.encode(words) + [1] + [0] * 77)[:77] == ours, (prompt, spm.encode(words), ours[:20])
    print('tokenizer.json and spiece.model agree')

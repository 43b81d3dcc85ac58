"""What transformers makes of ids in float32. Usage: t5.py FOLDER IDS.safetensors OUT"""
import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import T5EncoderModel

folder, ids, out = sys.argv[1:]
inputs = load_file(ids)
encoder = T5EncoderModel.from_pretrained(folder, dtype=torch.float32).eval()
with torch.no_grad():
    hidden = encoder(inputs['ids'].long(), attention_mask=inputs['mask'].long()).last_hidden_state
save_file({'hidden': hidden.contiguous()}, out)

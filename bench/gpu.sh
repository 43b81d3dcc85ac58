#!/bin/bash
# What a graphics card does, in at most eight minutes: steps a second beside diffusers, memory, batches, and how far from the processor.
# After `npm install && npm run build`; Python with torch and diffusers is $PYTHON, or python3. DEVICES="webgpu:full" tries less.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null || echo "no NVIDIA card"
devices=${DEVICES:-cuda:half cuda:full webgpu:full webgpu:half}

echo "== how far from the processor (one step, and the embedded checkpoint's picture of 20) =="
# shellcheck disable=SC2086
timeout 120 node bench/precision.mjs $devices || true

echo "== steps a second =="
"$python" bench/make_unet.py "$scratch/IF-I-M" IF-I-M > /dev/null 2>&1
# shellcheck disable=SC2086
timeout 330 node bench/gpu.mjs checkpoints/campanile/unet "$scratch/IF-I-M" -- $devices

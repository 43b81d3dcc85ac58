#!/bin/bash
# npm run evaluate: renders held-out pictures where needed, then measures the checkpoint. Wants Python
# with torch, numpy, tokenizers and safetensors: $PYTHON, or python3.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${CAMPANILE_WORK:-${TMPDIR:-/tmp}/campanile-evaluate}
mkdir -p "$work"
[ -d "$here/../dist/scenes" ] || (cd "$here/.." && npm run --silent build)
[ -f "$work/val0.jsonl" ] || node "$here/render.mjs" "$work/val0" 60000000 6000 64 --held-out
exec "${PYTHON:-python3}" "$here/evaluate.py" --checkpoint "$here/../checkpoints/campanile" --data "$work" \
  --classifier "$work/classifier.pt" --out "$work/evaluation.json" --sheets "$work/sheets" "$@"

#!/bin/bash
# npm run evaluate: renders held-out pictures where needed, then measures the checkpoint. Wants Python
# with requirements.txt: $PYTHON, or python3. A folder of photographs (photos.py) in $CAMPANILE_PHOTOS is measured too.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${CAMPANILE_WORK:-${TMPDIR:-/tmp}/campanile-evaluate}
mkdir -p "$work"
[ -d "$here/dist" ] || (cd "$here/.." && npm run --silent build:scenes)
[ -f "$work/val0.jsonl" ] || node "$here/render.mjs" "$work/val0" 60000000 6000 64 --held-out
mkdir -p "$work/256"
[ -f "$work/256/val0.pho" ] || { node "$here/render.mjs" "$work/256/val0" 61000000 60 256 --held-out && "${PYTHON:-python3}" "$here/prepare.py" "$work/256"; }
exec "${PYTHON:-python3}" "$here/evaluate.py" --checkpoint "$here/../checkpoints/campanile" --data "$work" \
  --up "$here/../checkpoints/campanile-ii" --large "$work/256" \
  --classifier "$work/classifier.pt" --out "$work/evaluation.json" --sheets "$work/sheets" ${CAMPANILE_PHOTOS:+--photos "$CAMPANILE_PHOTOS"} "$@"

#!/bin/bash
# One piece of the CUDA run; call it again until it says it is done. In the unpacked archive of pack.sh:
#   OUT=folder handed back, STATE=folder that stays, MINUTES=all pieces together, PIECE=minutes of this one
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
OUT=${OUT:?where results go} STATE=${STATE:-$here/state} MINUTES=${MINUTES:-25} PIECE=${PIECE:-8} PICTURES=${PICTURES:-96000}
cores=$(nproc)
mkdir -p "$OUT" "$STATE" "$here/data"
if [ ! -f "$here/data/prompts.ids" ]; then
  for k in $(seq "$cores"); do
    "$here/node" "$here/training/render.mjs" "$here/data/t$k" $((10000000 + 1000000 * k)) $((PICTURES / cores)) &
  done
  "$here/node" "$here/training/render.mjs" "$here/data/val0" 50000000 2000 64 --held-out
  wait
  python3 "$here/training/prepare.py" "$here/data"
fi
python3 "$here/training/train.py" --data "$here/data" --state "$STATE" --minutes "$MINUTES" --piece "$PIECE" --parts "$OUT" --threads 4 ${TRAIN_FLAGS:-} | tee -a "$OUT/log.txt"
cp "$STATE"/curve.jsonl "$OUT"/
cp "$(ls -t "$STATE"/sheet-*.png | head -1)" "$OUT"/

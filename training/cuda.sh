#!/bin/bash
# One piece of the CUDA run, in the unpacked archive of pack.sh; call it again until both stages have run.
#   OUT=folder handed back, STATE=folder that stays, PIECE=minutes of this piece
#   MINUTES=stage I, all pieces together; UP_MINUTES=stage II, in the pieces after it
# Pictures are rendered on all cores while the card trains on what is there: 64 pixels wide first, 256 for stage II later.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
OUT=${OUT:?where results go} STATE=${STATE:-$here/state} MINUTES=${MINUTES:-20} UP_MINUTES=${UP_MINUTES:-4} PIECE=${PIECE:-8}
RENDER_MINUTES=${RENDER_MINUTES:-$(python3 -c "print($MINUTES * 0.6)")} LARGE=${LARGE:-3000}
data=$here/data
mkdir -p "$OUT" "$STATE/up" "$data/256"

seconds() { python3 -c "print(int(60 * ($1)))"; }

render() { nice -n 15 "$here/node" "$here/training/render.mjs" "$@" > /dev/null; }

worker() { # its number
  render "$data/t$1-0" $((100000000 + 4000000 * $1)) 300
  local end=$((began + $(seconds "$RENDER_MINUTES"))) i
  for ((i = 1; $(date +%s) < end; i++)); do render "$data/t$1-$i" $((100000000 + 4000000 * $1 + 5000 * i)) 4000; done
  for ((i = 0; i * 300 < LARGE; i++)); do render "$data/256/u$1-$i" $((200000000 + 4000000 * $1 + 400 * i)) 300 256; done
}

all_renders() {
  for ((k = 0; k < $(nproc); k++)); do worker $k & done
  render "$data/val0" 50000000 2000 64 --held-out
  render "$data/256/val0" 51000000 200 256 --held-out
  wait
  touch "$data/rendered"
}

if [ ! -f "$data/val0.pho" ]; then
  began=$(date +%s)
  export began data here RENDER_MINUTES LARGE
  export -f seconds render worker all_renders
  setsid bash -c all_renders > /dev/null &
  for folder in "$data" "$data/256"; do
    setsid nice -n 5 python3 "$here/training/prepare.py" "$folder" --until "$data/rendered" > /dev/null &
  done
  until [ -f "$data/val0.pho" ] && [ -f "$data/t0-0.pho" ] && [ -f "$data/256/prompts.ids" ]; do sleep 0.5; done
fi

stage_i() {
  python3 "$here/training/train.py" --data "$data" --state "$STATE" --minutes "$MINUTES" --piece "$PIECE" --parts "$OUT" --threads 4 ${COMPILE---compile} ${TRAIN_FLAGS:-} >> "$OUT/log.txt" 2>&1
}

stage_ii() { # stage I's text encoder must have settled
  python3 "$here/training/train_up.py" --data "$data/256" --state "$STATE/up" --minutes "$UP_MINUTES" --piece "$PIECE" --parts "$OUT/up" --threads 4 ${COMPILE---compile} ${UP_FLAGS:---text $STATE/last.pt} >> "$OUT/up/log.txt" 2>&1
}

mkdir -p "$OUT/up"
sheet() { cp "$(ls -t "$1"/sheet-*.png | head -1)" "$2"/sheet.png && cp "$1"/curve.jsonl "$2"; }
if [ -n "${UP_EARLY:-}" ]; then # both in one piece: while stage I ends, stage II is compiled
  { sleep "$(seconds "$MINUTES - $UP_EARLY")" && stage_ii; } &
  stage_i && sheet "$STATE" "$OUT"
  wait && sheet "$STATE/up" "$OUT/up"
elif grep -qs done "$STATE/stage-i"; then
  stage_ii && sheet "$STATE/up" "$OUT/up"
else
  stage_i && sheet "$STATE" "$OUT"
  python3 -c "import json; print('done' if json.loads(open('$STATE/curve.jsonl').readlines()[-1])['minutes'] >= $MINUTES - 0.01 else 'more')" > "$STATE/stage-i"
fi

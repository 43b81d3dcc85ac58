#!/bin/bash
# One archive for a CUDA machine without Node: pack.sh ARCHIVE. Run after npm run build:scenes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/..
archive=$(realpath "$1")
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
mkdir -p "$box/node_modules/@napi-rs"
cp -r "$here" "$box/training"
rm -rf "$box/training/__pycache__"
cp -rL "$root/node_modules/@napi-rs/canvas" "$root/node_modules/@napi-rs/canvas-linux-x64-gnu" "$box/node_modules/@napi-rs/"
cp "$(command -v node)" "$box/node"
strip "$box/node" 2>/dev/null || true
echo '{"type":"module"}' > "$box/package.json"
tar -C "$box" -c . | xz --x86 --lzma2=preset=9e > "$archive"
ls -l "$archive"

/** NumPy's file of an array: `type` is '|u1' of bytes, '<i8' of BigInt64. */
export function npy(data, type, shape) {
  const head = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const padded = `${head.padEnd(64 * Math.ceil((head.length + 11) / 64) - 11)}\n`;
  const size = Buffer.alloc(2);
  size.writeUInt16LE(padded.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    size,
    Buffer.from(padded),
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  ]);
}

/** Pictures [N, 3, S, S] in [-1, 1], as bytes. */
export function picturesNpy(pictures, size) {
  const bytes = (picture) =>
    Uint8Array.from(picture.data, (value) => Math.round(127.5 * (Math.max(-1, Math.min(1, value)) + 1)));
  return npy(Buffer.concat(pictures.map(bytes)), '|u1', [pictures.length, 3, size, size]);
}

/**
 * The names of a graph's outputs, read from its ONNX bytes: field 12 of the graph, which is field 7 of the model; in each the
 * name is field 1.
 *
 * @param {Uint8Array} model
 * @returns {string[]}
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function outputNames(model) {
  const decoder = new TextDecoder();
  return fields(model, 7).flatMap((graph) =>
    fields(graph, 12).flatMap((output) => fields(output, 1).map((name) => decoder.decode(name))),
  );
}

/**
 * The contents of the fields of that number that have a length.
 *
 * @param {Uint8Array} bytes
 * @param {number} wanted
 */
function fields(bytes, wanted) {
  const found = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte % 128) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key % 8;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      const length = varint();
      if (Math.floor(key / 8) === wanted) found.push(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return found;
}

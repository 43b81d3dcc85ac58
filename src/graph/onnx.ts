import { ProtoWriter } from './protobuf.ts';

/** TensorProto.DataType. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;
export type DataType = keyof typeof dataTypes;
/** What a network may compute in. */
export type FloatType = 'float32' | 'float16';

/** A size; a string names one that is known only when the graph runs. */
export type Dim = number | string;

/** Plain numbers are integers: a real number says so with `{ float }`. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface Node {
  readonly op: string;
  /** Empty for ONNX itself, 'com.microsoft' for ONNX Runtime's own operators. */
  readonly domain: string;
  /** Names; '' leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Bytes that stay in a file, `location` being relative to the folder the session is told about. */
export interface ExternalBytes {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

export interface Initializer {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array | ExternalBytes;
}

export interface Port {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly Dim[];
}

export interface Model {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** ai.onnx 21 is the first with everything used here (Gelu came with 20); IR 10 belongs to it. */
const OPSET = 21;
const IR_VERSION = 10;

/**
 * An ONNX file. Field numbers are those of onnx.proto3 (ModelProto, GraphProto, NodeProto, TensorProto, …).
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
export function encodeModel(model: Model): Uint8Array {
  const opsets = [
    ['', OPSET],
    ['com.microsoft', 1],
  ] as const;
  const file = new ProtoWriter()
    .int(1, IR_VERSION)
    .text(2, 'campanile')
    .message(7, (graph) => writeGraph(graph, model));
  for (const [domain, version] of opsets) file.message(8, (opset) => opset.text(1, domain).int(2, version));
  return file.finish();
}

function writeGraph(graph: ProtoWriter, { nodes, initializers, inputs, outputs }: Model): void {
  for (const node of nodes) graph.message(1, (message) => writeNode(message, node));
  graph.text(2, 'campanile');
  for (const initializer of initializers) graph.message(5, (message) => writeTensor(message, initializer));
  for (const port of inputs) graph.message(11, (message) => writePort(message, port));
  for (const port of outputs) graph.message(12, (message) => writePort(message, port));
}

function writeNode(message: ProtoWriter, { op, domain, inputs, outputs, attributes }: Node): void {
  for (const name of inputs) message.text(1, name);
  for (const name of outputs) message.text(2, name);
  message.text(3, outputs[0] ?? op).text(4, op);
  for (const [name, value] of Object.entries(attributes)) {
    message.message(5, (attribute) => writeAttribute(attribute.text(1, name), value));
  }
  if (domain) message.text(7, domain);
}

/** AttributeProto: the value in the field of its type, and the type (1 float, 2 int, 3 string, 7 ints) in field 20. */
function writeAttribute(message: ProtoWriter, value: Attribute): void {
  if (typeof value === 'number') message.int(3, value).int(20, 2);
  else if (typeof value === 'string') message.text(4, value).int(20, 3);
  else if ('float' in value) message.float(2, value.float).int(20, 1);
  else {
    for (const item of value) message.int(8, item);
    message.int(20, 7);
  }
}

function writeTensor(message: ProtoWriter, { name, type, shape, bytes }: Initializer): void {
  for (const size of shape) message.int(1, size);
  message.int(2, dataTypes[type]).text(8, name);
  if (bytes instanceof Uint8Array) {
    message.bytes(9, bytes);
    return;
  }
  for (const [key, value] of Object.entries(bytes)) {
    message.message(13, (entry) => entry.text(1, key).text(2, String(value)));
  }
  message.int(14, 1); // data_location = EXTERNAL
}

function writePort(message: ProtoWriter, { name, type, shape }: Port): void {
  message.text(1, name).message(2, (typeProto) =>
    typeProto.message(1, (tensorType) =>
      tensorType.int(1, dataTypes[type]).message(2, (shapeProto) => {
        for (const dim of shape) {
          shapeProto.message(1, (size) => (typeof dim === 'number' ? size.int(1, dim) : size.text(2, dim)));
        }
      }),
    ),
  );
}

import { CheckpointError } from '../errors.ts';
import {
  type Attribute,
  type DataType,
  type Dim,
  dataTypes,
  type ExternalBytes,
  encodeModel,
  type FloatType,
  type Initializer,
  type Node,
  type Port,
} from './onnx.ts';

/** A tensor while the graph is being written: a name, and what is known of it. */
export interface Value extends Port {
  readonly graph: Graph;
}

/** A tensor of a checkpoint: what it is, and where its bytes lie. */
export interface StoredTensor {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly bytes: ExternalBytes;
}
export type GraphWeights = ReadonlyMap<string, StoredTensor>;

/** Rows [from, to) of a weight: some outputs of a layer. */
export type Rows = readonly [from: number, to: number];

export interface NodeOptions {
  readonly type?: DataType;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
}

/**
 * An ONNX graph in the making. Operators are functions on values (`ops.ts`); this class keeps the nodes, the weights
 * that were asked for, and constants, each written once.
 */
export class Graph {
  readonly inputs: Port[] = [];
  readonly outputs: Port[] = [];
  /** Names of the weights that were used. */
  readonly used = new Set<string>();
  private readonly nodes: Node[] = [];
  /**
   * The Casts of weights stand before all other nodes: of the inputs of a node, ONNX Runtime makes the one that comes
   * last in the file first. So it walks to the far end of the network before it widens a weight, and widens it when it is
   * about to be used; in the order of use, a third of all weights would lie widened in memory from the start.
   */
  private readonly weightCasts: Node[] = [];
  private readonly initializers: Initializer[] = [];
  private readonly values = new Map<string, Value>();
  private readonly weights: GraphWeights;
  private readonly widenAtMost: number;

  /** @param widenAtMost  bytes that a convolution's weight may take once it is widened; a larger one is applied in blocks of its outputs */
  constructor(weights: GraphWeights, widenAtMost = Number.POSITIVE_INFINITY) {
    this.weights = weights;
    this.widenAtMost = widenAtMost;
  }

  input(name: string, shape: readonly Dim[], type: DataType = 'float32'): Value {
    this.inputs.push({ name, type, shape });
    return this.value(name, type, shape);
  }

  /** Gives `value` out under `name`. */
  output(name: string, value: Value): void {
    this.nodes.push({ op: 'Identity', domain: '', inputs: [value.name], outputs: [name], attributes: {} });
    this.outputs.push({ name, type: value.type, shape: value.shape });
  }

  /** A node with one result of the given shape. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    shape: readonly Dim[],
    options: NodeOptions = {},
  ): Value {
    return this.nodeWith(op, inputs, [shape], options)[0]!;
  }

  /** A node with several results. */
  nodeWith(
    op: string,
    inputs: readonly (Value | undefined)[],
    shapes: readonly (readonly Dim[])[],
    { type = inputs[0]?.type ?? 'float32', attributes = {}, domain = '' }: NodeOptions = {},
  ): Value[] {
    const outputs = shapes.map((shape, i) => this.value(`${op}.${this.nodes.length}.${i}`, type, shape));
    this.nodes.push({
      op,
      domain,
      inputs: inputs.map((v) => v?.name ?? ''),
      outputs: outputs.map((v) => v.name),
      attributes,
    });
    return outputs;
  }

  /**
   * The weight `name` as numbers of `type`: as it lies in the file where it has that type, by way of a Cast where not.
   *
   * @param shape  another shape for the same numbers, such as [out, in, 1, 1] for a linear layer used as a convolution
   * @param rows  only these of its first axis; all by default
   * @throws {CheckpointError} 'tensor-missing'
   */
  weight(
    name: string,
    type: FloatType = 'float32',
    shape: readonly number[] = this.stored(name).shape,
    rows: Rows = [0, shape[0]!],
  ): Value {
    const stored = this.stored(name);
    this.used.add(name);
    const view = [rows[1] - rows[0], ...shape.slice(1)];
    const part = view[0] === shape[0] ? '' : ` from ${rows[0]}`;
    const raw = this.once(`${name} [${view.join(', ')}]${part}`, (key) => {
      const bytes = rowsOf(stored.bytes, rows, shape[0]!);
      this.initializers.push({ name: key, type: stored.type, shape: view, bytes });
      return this.value(key, stored.type, view);
    });
    if (raw.type === type) return raw;
    return this.once(`${raw.name} as ${type}`, (key) => {
      this.weightCasts.push({
        op: 'Cast',
        domain: '',
        inputs: [raw.name],
        outputs: [key],
        attributes: { to: dataTypes[type] },
      });
      return this.value(key, type, view);
    });
  }

  /** The rows of a weight in blocks, each small enough to be widened to `type`; one block where it lies in the file as that. */
  blocksOf(name: string, type: DataType): Rows[] {
    const { type: stored, shape } = this.stored(name);
    const rows = shape[0]!;
    const widened = 4 * shape.reduce((product, n) => product * n, 1);
    const count = stored === type ? 1 : Math.min(rows, Math.ceil(widened / this.widenAtMost) || 1);
    const start = (i: number) => Math.round((i * rows) / count);
    return Array.from({ length: count }, (_, i) => [start(i), start(i + 1)]);
  }

  hasWeight(name: string): boolean {
    return this.weights.has(name);
  }

  /** The shape a weight is stored in. Asking for it is not using it: ONNX Runtime would widen what nobody needs. */
  shapeOfWeight(name: string): readonly number[] {
    return this.stored(name).shape;
  }

  /** float32 numbers known now. */
  constant(
    values: number | readonly number[],
    shape: readonly number[] = typeof values === 'number' ? [] : [values.length],
  ): Value {
    return this.inline('float32', Float32Array.from([values].flat()), shape);
  }

  /** int64 numbers known now: shapes, axes, indices. */
  integers(values: number | readonly number[]): Value {
    const list = [values].flat();
    return this.inline(
      'int64',
      BigInt64Array.from(list, BigInt),
      typeof values === 'number' ? [] : [list.length],
    );
  }

  /** The ONNX file. */
  encode(): Uint8Array {
    return encodeModel({
      nodes: [...this.weightCasts, ...this.nodes],
      initializers: this.initializers,
      inputs: this.inputs,
      outputs: this.outputs,
    });
  }

  private stored(name: string): StoredTensor {
    const stored = this.weights.get(name);
    if (stored) return stored;
    throw new CheckpointError('tensor-missing', `the checkpoint has no tensor "${name}"`, {
      hint: 'is it a checkpoint of this architecture?',
    });
  }

  private inline(type: DataType, data: Float32Array | BigInt64Array, shape: readonly number[]): Value {
    return this.once(`${type} [${shape.join(', ')}] ${data.join(' ')}`, () => {
      const name = `constant.${this.initializers.length}`;
      this.initializers.push({ name, type, shape, bytes: new Uint8Array(data.buffer) });
      return this.value(name, type, shape);
    });
  }

  private once(key: string, make: (key: string) => Value): Value {
    const known = this.values.get(key) ?? make(key);
    this.values.set(key, known);
    return known;
  }

  private value(name: string, type: DataType, shape: readonly Dim[]): Value {
    return { graph: this, name, type, shape };
  }
}

/** Where some of a tensor's rows lie. */
const rowsOf = (
  { location, offset, length }: ExternalBytes,
  [from, to]: Rows,
  of: number,
): ExternalBytes => ({
  location,
  offset: offset + (from * length) / of,
  length: ((to - from) * length) / of,
});

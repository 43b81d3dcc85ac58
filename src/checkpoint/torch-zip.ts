import { files } from '#platform/files';
import { CheckpointError } from '../errors.ts';
import { isMissing } from '../platform/files.ts';
import { promised } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Dtype, dtypeOf } from './dtypes.ts';
import { Global, Opaque, type Pickled, readPickle, Tuple } from './pickle.ts';
import { isZip, readStoredZip } from './zip.ts';

/** Types of storages, and what safetensors calls their numbers. */
const storageTypes: ReadonlyMap<string, Dtype> = new Map([
  ['torch DoubleStorage', 'F64'],
  ['torch FloatStorage', 'F32'],
  ['torch HalfStorage', 'F16'],
  ['torch BFloat16Storage', 'BF16'],
  ['torch LongStorage', 'I64'],
  ['torch IntStorage', 'I32'],
  ['torch ShortStorage', 'I16'],
  ['torch CharStorage', 'I8'],
  ['torch ByteStorage', 'U8'],
  ['torch BoolStorage', 'BOOL'],
]);

const REBUILD_TENSOR = 'torch._utils _rebuild_tensor_v2';
const REBUILD_PARAMETER = 'torch._utils _rebuild_parameter';
const ORDERED_DICT = 'collections OrderedDict';
const globals: ReadonlySet<string> = new Set([
  REBUILD_TENSOR,
  REBUILD_PARAMETER,
  ORDERED_DICT,
  ...storageTypes.keys(),
]);

const MAX_FILE_BYTES = 2 ** 31 - 1;
const MAX_DIMENSIONS = 16;
/** A view with stride 0 may show one number as often as it likes; up to this often we believe it. */
const MAX_REPEATED = 2 ** 24;

/** A tensor of the file: a strided view on a storage that others may share. */
export class TorchTensor extends Opaque {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  private readonly storage: Storage;
  private readonly offset: number;
  private readonly stride: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], stride: readonly number[]) {
    super();
    this.dtype = storage.dtype;
    this.shape = shape;
    this.storage = storage;
    this.offset = offset;
    this.stride = stride;
  }

  /** The numbers in row-major order, as they are stored, little-endian. */
  bytes(): Uint8Array {
    const itemBytes = dtypeOf(this.dtype).size;
    const source = this.storage.bytes;
    const result = new Uint8Array(promised(this.shape) * itemBytes);
    const index = this.shape.map(() => 0);
    let from = this.offset;
    for (let to = 0; to < result.length; to += itemBytes) {
      for (let b = 0; b < itemBytes; b++) result[to + b] = source[from * itemBytes + b]!;
      for (let axis = this.shape.length - 1; axis >= 0; axis--) {
        from += this.stride[axis]!;
        if (++index[axis]! < this.shape[axis]!) break;
        from -= this.shape[axis]! * this.stride[axis]!;
        index[axis] = 0;
      }
    }
    return result;
  }

  /** The numbers as float32. */
  tensor(): Tensor {
    const { toFloats } = dtypeOf(this.dtype);
    return { data: toFloats!(this.bytes().buffer as ArrayBuffer), shape: this.shape };
  }
}

interface Storage {
  readonly dtype: Dtype;
  /** Set later for the old format, whose storages follow the pickle. */
  bytes: Uint8Array;
}

/** A storage class named as (part of) a persistent id. */
class StorageValue extends Opaque {
  readonly storage: Storage;
  readonly numel: number;
  constructor(storage: Storage, numel: number) {
    super();
    this.storage = storage;
    this.numel = numel;
  }
}

/**
 * Reads what `torch.save` wrote (a tensor, or dictionaries, lists and tuples of tensors and plain values) as data: no code in it
 * can run, and what is not data is refused before anything is built from it. Both formats are read, the zip archive and the one
 * before torch 1.6.
 *
 * @param name  of the file, for messages
 * @throws {CheckpointError} 'zip', 'pickle-refused', 'pickle-damaged', 'storage'
 */
export function readTorch(file: Uint8Array, name = 'the file'): Pickled {
  try {
    return isZip(file) ? readArchive(file) : readLegacy(file);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new CheckpointError(error.code, `${name}: ${error.message}`, {
      ...(error.hint && { hint: error.hint }),
      cause: error,
    });
  }
}

/** `readTorch` of a file by its address. */
export async function openTorch(path: string): Promise<Pickled> {
  const file = await files.open(path).catch((cause: Error) => {
    const why = isMissing(cause) ? 'there is no such file' : cause.message;
    throw new CheckpointError('file-unreadable', `${path}: ${why}`, { cause });
  });
  try {
    if (file.bytes > MAX_FILE_BYTES)
      throw new CheckpointError(
        'file-too-large',
        `${path} has ${file.bytes} bytes, at most ${MAX_FILE_BYTES} are read`,
      );
    return readTorch(await file.read(0, file.bytes), path);
  } finally {
    await file.close();
  }
}

/**
 * The tensors in a value, named by their way in: dictionary keys and list positions joined with dots; a tensor alone is ''.
 * Each list and dictionary is entered once, however often it is referred to.
 */
export function tensorsOf(value: Pickled): Map<string, TorchTensor> {
  const found = new Map<string, TorchTensor>();
  const seen = new Set<Pickled>();
  const waiting: (readonly [name: string, value: Pickled])[] = [['', value]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [name, value] = next;
    if (value instanceof TorchTensor) found.set(name, value);
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const inner =
      value instanceof Tuple
        ? value.items.entries()
        : Array.isArray(value) || value instanceof Map
          ? value.entries()
          : [];
    const named = [...inner].map(
      ([key, child]) => [name ? `${name}.${String(key)}` : String(key), child] as const,
    );
    for (const entry of named.reverse()) waiting.push(entry);
  }
  return found;
}

/** `<root>/data.pkl` beside `<root>/data/<key>`, one file per storage. */
function readArchive(file: Uint8Array): Pickled {
  const entries = readStoredZip(file);
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1)
    throw new CheckpointError('zip', `${pickles.length} entries are called data.pkl, expected one`, {
      hint: 'is this a file that torch.save wrote?',
    });
  const root = pickles[0]!.slice(0, -'data.pkl'.length);
  const order = entries.get(`${root}byteorder`);
  if (order && new TextDecoder().decode(order) !== 'little')
    throw new CheckpointError('storage', 'it was written on a big-endian machine', {
      hint: 'load and save it again on a little-endian one',
    });
  const { value } = readPickle(entries.get(pickles[0]!)!, {
    ...hooks,
    persistent(id) {
      const { dtype, key, numel } = storageId(id, 5);
      const bytes = entries.get(`${root}data/${key}`);
      if (!bytes) throw new CheckpointError('storage', `storage ${key} is missing`);
      if (bytes.length !== numel * dtypeOf(dtype).size)
        throw new CheckpointError(
          'storage',
          `storage ${key} has ${bytes.length} bytes, expected ${numel * dtypeOf(dtype).size} for ${numel} × ${dtype}`,
        );
      return new StorageValue({ dtype, bytes }, numel);
    },
  });
  return value;
}

const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_PROTOCOL = 1001;

/**
 * The format before torch 1.6: pickles one after the other (magic number, protocol, system, the object, the storages' keys), then
 * for every key the number of items (int64) and the items.
 */
function readLegacy(file: Uint8Array): Pickled {
  const storages = new Map<string, StorageValue>();
  const persistent = (id: Pickled): Pickled => {
    const { dtype, key, numel, view } = storageId(id, 6);
    if (view !== null)
      throw new CheckpointError('pickle-refused', 'storages that are views on others are not read', {
        hint: 'save the file again with torch 1.6 or later',
      });
    const known = storages.get(key);
    if (known && (known.storage.dtype !== dtype || known.numel !== numel))
      throw new CheckpointError('storage', `storage ${key} is described in two ways`);
    const storage = known ?? new StorageValue({ dtype, bytes: new Uint8Array() }, numel);
    storages.set(key, storage);
    return storage;
  };
  const plain = { ...hooks, globals: new Set<string>(), persistent: notHere };
  let at = 0;
  const next = (allowed: typeof plain | typeof hooks): Pickled => {
    const { value, end } = readPickle(file, { persistent: notHere, ...allowed }, at);
    at = end;
    return value;
  };
  if (file[0] !== 0x80 || next(plain) !== LEGACY_MAGIC)
    throw new CheckpointError(
      'pickle-damaged',
      'it is no file that torch.save writes: neither an archive nor the old magic number',
    );
  const protocol = next(plain);
  if (protocol !== LEGACY_PROTOCOL)
    throw new CheckpointError('pickle-damaged', `protocol ${String(protocol)}, expected ${LEGACY_PROTOCOL}`);
  const system = next(plain);
  if (!(system instanceof Map && system.get('little_endian') === true))
    throw new CheckpointError('storage', 'it was not written on a little-endian machine');
  const value = next({ ...hooks, persistent });
  const keys = next(plain);
  if (!Array.isArray(keys) || keys.length !== storages.size)
    throw new CheckpointError('storage', 'the list of storages does not fit the tensors');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (const key of keys) {
    const storage = storages.get(String(key));
    if (!storage) throw new CheckpointError('storage', `storage ${String(key)} belongs to no tensor`);
    const length = storage.numel * dtypeOf(storage.storage.dtype).size;
    if (at + 8 + length > file.length)
      throw new CheckpointError(
        'storage',
        `storage ${String(key)} is cut off: ${file.length - at - 8} of ${length} bytes`,
      );
    if (view.getBigInt64(at, true) !== BigInt(storage.numel))
      throw new CheckpointError('storage', `storage ${String(key)} has another size than its tensors say`);
    storage.storage.bytes = file.subarray(at + 8, at + 8 + length);
    storages.delete(String(key));
    at += 8 + length;
  }
  return value;
}

const hooks = {
  globals,
  reduce(name: string, parameters: readonly Pickled[]): Pickled {
    if (name === ORDERED_DICT && parameters.length === 0) return new Map();
    if (name === REBUILD_TENSOR && parameters.length >= 6 && parameters.length <= 7)
      return rebuildTensor(parameters);
    if (name === REBUILD_PARAMETER && parameters.length === 3 && parameters[0] instanceof TorchTensor)
      return parameters[0];
    throw new CheckpointError(
      'pickle-refused',
      `the file asks for more than data: ${name} with ${parameters.length} arguments`,
    );
  },
};

function notHere(_: Pickled): Pickled {
  throw new CheckpointError('pickle-damaged', 'a storage where none can be');
}

/** ("storage", class, key, location, number of items[, view]); the location (cpu, cuda:0) does not matter. */
function storageId(id: Pickled, length: 5 | 6): { dtype: Dtype; key: string; numel: number; view: Pickled } {
  const [kind, type, key, , numel, view = null] =
    id instanceof Tuple && id.items.length === length ? id.items : [];
  const dtype = type instanceof Global ? storageTypes.get(type.name) : undefined;
  if (kind !== 'storage' || !dtype || typeof key !== 'string' || !isSize(numel))
    throw new CheckpointError('pickle-damaged', 'a storage is not described as torch describes it');
  return { dtype, key, numel, view };
}

/** _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks), in items, not bytes. */
function rebuildTensor([storage, offset, size, stride]: readonly Pickled[]): TorchTensor {
  const shape = size instanceof Tuple && size.items.every(isSize) ? (size.items as number[]) : undefined;
  const steps =
    stride instanceof Tuple && stride.items.every(isSize) ? (stride.items as number[]) : undefined;
  if (
    !(storage instanceof StorageValue && shape && steps && isSize(offset)) ||
    shape.length !== steps.length ||
    shape.length > MAX_DIMENSIONS
  )
    throw new CheckpointError(
      'storage',
      'a tensor is not described as torch describes it: sizes and strides are whole numbers from 0',
    );
  const count = promised(shape);
  const reach =
    count === 0 ? offset : offset + 1 + shape.reduce((sum, n, axis) => sum + (n - 1) * steps[axis]!, 0);
  if (reach > storage.numel)
    throw new CheckpointError(
      'storage',
      `a tensor [${shape.join(', ')}] reaches item ${reach} of a storage of ${storage.numel}`,
    );
  if (count > Math.max(storage.numel, MAX_REPEATED))
    throw new CheckpointError(
      'storage',
      `a tensor [${shape.join(', ')}] repeats a storage of ${storage.numel} items to ${count}`,
    );
  return new TorchTensor(storage.storage, offset, shape, steps);
}

const isSize = (value: Pickled | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

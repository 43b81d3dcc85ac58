import { CheckpointError } from '../errors.ts';

/** A Python tuple, told apart from a list. */
export class Tuple {
  readonly items: readonly Pickled[];
  constructor(items: readonly Pickled[]) {
    this.items = items;
  }
}

/** A name of Python code. It is compared with a list of names, never looked up, never called. */
export class Global {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Data a pickle may hold. `Opaque` is what the caller's hooks made. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Tuple
  | Global
  | Opaque
  | Pickled[]
  | PickledDict;
export type PickledDict = Map<Pickled, Pickled>;
export abstract class Opaque {}

/** What is allowed besides plain data. Each hook throws for what it does not know. */
export interface PickleHooks {
  readonly globals: ReadonlySet<string>;
  /** The value of `global(...arguments)`. */
  reduce(name: string, parameters: readonly Pickled[]): Pickled;
  /** The object that lies outside the pickle. */
  persistent(id: Pickled): Pickled;
}

/** Together they keep a hostile pickle under some 300 MB. */
const MAX_BYTES = 16 * 2 ** 20;
const MAX_OPERATIONS = 1_000_000;

/**
 * Reads one pickle of protocols 2 to 4 as data. The machine has no instruction that imports, calls or makes objects of
 * classes: names are checked against `hooks.globals` the moment they are read, and `reduce` is a function of ours.
 *
 * @param at  where the pickle starts in `bytes`
 * @returns the value and where the pickle ends
 * @throws {CheckpointError} 'pickle-refused' for anything but data, 'pickle-damaged' for what is no pickle
 * @see Python's pickletools.py for the instructions
 */
export function readPickle(bytes: Uint8Array, hooks: PickleHooks, at = 0): { value: Pickled; end: number } {
  const machine = new Machine(bytes.subarray(at, at + MAX_BYTES), hooks);
  const value = machine.run();
  return { value, end: at + machine.at };
}

const MARK = Symbol('mark');
const utf8 = new TextDecoder('utf-8', { fatal: true });

class Machine {
  at = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly hooks: PickleHooks;
  private readonly stack: (Pickled | typeof MARK)[] = [];
  private readonly memo = new Map<number, Pickled>();

  constructor(bytes: Uint8Array, hooks: PickleHooks) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.hooks = hooks;
  }

  run(): Pickled {
    for (let count = 0; count < MAX_OPERATIONS; count++) {
      const opcode = this.take(1)[0]!;
      if (opcode === STOP) {
        const value = this.pop();
        if (this.stack.length) throw damaged(this.at, 'values are left over at its end');
        return value;
      }
      const instruction = instructions[opcode];
      if (!instruction)
        throw refused(`instruction 0x${opcode.toString(16).padStart(2, '0')} at byte ${this.at - 1}`);
      instruction(this);
    }
    throw refused(`more than ${MAX_OPERATIONS} instructions`);
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw damaged(this.at, `${length} more bytes are needed`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  uint(length: 1 | 2 | 4): number {
    this.take(length);
    const at = this.at - length;
    return length === 1
      ? this.view.getUint8(at)
      : length === 2
        ? this.view.getUint16(at, true)
        : this.view.getUint32(at, true);
  }
  int32(): number {
    return this.uint(4) | 0;
  }
  float64(): number {
    this.take(8);
    return this.view.getFloat64(this.at - 8, false);
  }
  text(length: number): string {
    const bytes = this.take(length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw damaged(this.at, 'a text is not UTF-8');
    }
  }
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw damaged(this.at, 'a name has no end');
    const line = this.text(end - this.at);
    this.at++;
    return line;
  }

  push(value: Pickled): void {
    this.stack.push(value);
  }
  mark(): void {
    this.stack.push(MARK);
  }
  pop(): Pickled {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) throw damaged(this.at, 'a value is missing');
    return value;
  }
  top(): Pickled {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }
  /** What was pushed since the last mark. */
  popMarked(): Pickled[] {
    const from = this.stack.lastIndexOf(MARK);
    if (from < 0) throw damaged(this.at, 'a mark is missing');
    const values = this.stack.splice(from).slice(1);
    return values as Pickled[];
  }

  remember(index: number): void {
    this.memo.set(index, this.top());
  }
  memoize(): void {
    this.remember(this.memo.size);
  }
  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw damaged(this.at, `nothing was remembered as ${index}`);
    this.push(value);
  }

  global(name: string): void {
    if (!this.hooks.globals.has(name))
      throw refused(
        `the name "${name}"`,
        'a file of prompt embeddings needs no code: do not open this one with torch.load either',
      );
    this.push(new Global(name));
  }
  tuple(length: number): void {
    const items = Array.from({ length }, () => this.pop());
    this.push(new Tuple(items.reverse()));
  }
  append(values: readonly Pickled[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw damaged(this.at, 'values are appended to what is no list');
    for (const value of values) list.push(value);
  }
  setItems(values: readonly Pickled[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw damaged(this.at, 'items are set in what is no dictionary');
    if (values.length % 2) throw damaged(this.at, 'a key has no value');
    for (let i = 0; i < values.length; i += 2) {
      const key = values[i]!;
      if (typeof key === 'object' && key !== null)
        throw refused('a dictionary key that is neither text nor number');
      dict.set(key, values[i + 1]!);
    }
  }
  reduce(): void {
    const parameters = this.pop();
    const callee = this.pop();
    if (!(callee instanceof Global && parameters instanceof Tuple))
      throw refused('a call of what is no known name');
    this.push(this.hooks.reduce(callee.name, parameters.items));
  }
  /** The attributes of an OrderedDict (a state_dict's `_metadata`) are data about data, and dropped. */
  build(): void {
    const state = this.pop();
    if (!(this.top() instanceof Map && state instanceof Map)) throw refused('attributes of an object');
  }
  persistent(): void {
    this.push(this.hooks.persistent(this.pop()));
  }
}

const STOP = 0x2e;
const instructions: Record<number, (machine: Machine) => void> = {
  // PROTO, FRAME
  128: (m) => {
    const protocol = m.uint(1);
    if (protocol < 2 || protocol > 4)
      throw refused(`pickle protocol ${protocol}`, 'save it with torch.save as it is by default');
  },
  149: (m) => void m.take(8),
  // NONE, NEWTRUE, NEWFALSE
  78: (m) => m.push(null),
  136: (m) => m.push(true),
  137: (m) => m.push(false),
  // BININT, BININT1, BININT2, LONG1, BINFLOAT
  74: (m) => m.push(m.int32()),
  75: (m) => m.push(m.uint(1)),
  77: (m) => m.push(m.uint(2)),
  138: (m) => m.push(signed(m.take(m.uint(1)))),
  71: (m) => m.push(m.float64()),
  // BINUNICODE, SHORT_BINUNICODE
  88: (m) => m.push(m.text(m.uint(4))),
  140: (m) => m.push(m.text(m.uint(1))),
  // MARK, TUPLE, EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3
  40: (m) => m.mark(),
  116: (m) => m.push(new Tuple(m.popMarked())),
  41: (m) => m.tuple(0),
  133: (m) => m.tuple(1),
  134: (m) => m.tuple(2),
  135: (m) => m.tuple(3),
  // EMPTY_LIST, APPEND, APPENDS
  93: (m) => m.push([]),
  97: (m) => m.append([m.pop()]),
  101: (m) => m.append(m.popMarked()),
  // EMPTY_DICT, SETITEM, SETITEMS
  125: (m) => m.push(new Map()),
  115: (m) => m.setItems([m.pop(), m.pop()].reverse()),
  117: (m) => m.setItems(m.popMarked()),
  // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  113: (m) => m.remember(m.uint(1)),
  114: (m) => m.remember(m.uint(4)),
  148: (m) => m.memoize(),
  104: (m) => m.recall(m.uint(1)),
  106: (m) => m.recall(m.uint(4)),
  // GLOBAL, STACK_GLOBAL
  99: (m) => m.global(`${m.line()} ${m.line()}`),
  147: (m) => {
    const [name, module] = [m.pop(), m.pop()];
    if (typeof name !== 'string' || typeof module !== 'string') throw damaged(m.at, 'a name is no text');
    m.global(`${module} ${name}`);
  },
  // BINPERSID, REDUCE, BUILD
  81: (m) => m.persistent(),
  82: (m) => m.reduce(),
  98: (m) => m.build(),
};

/** Two's complement, little-endian; a plain number where one is exact. */
function signed(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (const [i, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * i);
  value = BigInt.asIntN(8 * bytes.length, value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const refused = (what: string, hint?: string): CheckpointError =>
  new CheckpointError('pickle-refused', `the file asks for more than data: ${what}`, hint ? { hint } : {});

const damaged = (at: number, why: string): CheckpointError =>
  new CheckpointError('pickle-damaged', `the pickle is damaged at byte ${at}: ${why}`);

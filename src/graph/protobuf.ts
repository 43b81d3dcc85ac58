const encoder = new TextEncoder();

/**
 * Writes a protocol buffer: fields one after the other, each a tag (number and wire type) and a value.
 *
 *     tag = field · 8 + wire type;   0 varint, 2 length and bytes, 5 four bytes
 *
 * @see https://protobuf.dev/programming-guides/encoding
 */
export class ProtoWriter {
  private buffer = new Uint8Array(256);
  private length = 0;

  /** An int32, int64, bool or enum field; negative numbers take ten bytes, as two's complement of 64 bits. */
  int(field: number, value: number): this {
    this.varint(field * 8);
    this.varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.varint(field * 8 + 5);
    this.reserve(4);
    new DataView(this.buffer.buffer).setFloat32(this.length, value, true);
    this.length += 4;
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  /** A message within the message, written by `write`. */
  message(field: number, write: (message: ProtoWriter) => void): this {
    const inner = new ProtoWriter();
    write(inner);
    return this.bytes(field, inner.finish());
  }

  /** The bytes written so far, sharing this writer's memory. */
  finish(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** Seven bits a byte, lowest first, the top bit saying that more follow. */
  private varint(value: number): void {
    this.reserve(10);
    let rest = value < 0 ? BigInt.asUintN(64, BigInt(value)) : value;
    for (; typeof rest === 'bigint' && rest >= 0x80n; rest >>= 7n)
      this.buffer[this.length++] = Number(rest & 0x7fn) | 0x80;
    for (rest = Number(rest); rest >= 0x80; rest = Math.floor(rest / 0x80))
      this.buffer[this.length++] = (rest % 0x80) | 0x80;
    this.buffer[this.length++] = rest;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + count));
    larger.set(this.finish());
    this.buffer = larger;
  }
}

/** Counts the bytes that the decompression streams of the platform give out. */
export interface DecompressedBytes extends Disposable {
  readonly bytes: number;
}

export function countDecompressedBytes(): DecompressedBytes {
  const { DecompressionStream } = globalThis;
  let bytes = 0;
  globalThis.DecompressionStream = class extends DecompressionStream {
    override readonly readable = super.readable.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(part, controller) {
          bytes += part.length;
          controller.enqueue(part);
        },
      }),
    );
  };
  return {
    get bytes() {
      return bytes;
    },
    [Symbol.dispose]() {
      globalThis.DecompressionStream = DecompressionStream;
    },
  };
}

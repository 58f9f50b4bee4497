/**
 * The faults of one direction of a connection. Everything may be changed at any time, and applies to later bytes.
 *
 * @public
 */
export interface Direction {
  /** Delay of bytes and ends in ms; they keep their order. @defaultValue 0 */
  delayMs: number;
  /** Maximum additional random delay in ms. @defaultValue 0 */
  jitterMs: number;
  /** Bandwidth in bytes per second. @defaultValue `Infinity` */
  bytesPerSecond: number;
  /** Size in bytes of the pieces in which data is passed on, each in its own packet. @defaultValue `Infinity` */
  sliceBytes: number;
  /** Number of bytes after which the connection is reset, even in the middle of a message. @defaultValue `Infinity` */
  cutAfterBytes: number;
  /** Swallows bytes while `true`. @defaultValue `false` */
  lost: boolean;
}

export function createDirection(): Direction {
  return { ...untroubled };
}

/** Returns a direction to normal. */
export function clear(direction: Direction): void {
  Object.assign(direction, untroubled);
}

const untroubled: Direction = {
  delayMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sliceBytes: Number.POSITIVE_INFINITY,
  cutAfterBytes: Number.POSITIVE_INFINITY,
  lost: false,
};

/** The bytes of one connection in one direction, on their way. */
export interface Passage {
  send(bytes: Buffer): void;
  swallowed(): void;
  cut(): void;
  isOpen(): boolean;
}

/** Accepts bytes and ends, and passes them on with the faults of the direction. */
export function createConveyor(direction: Direction, random: () => number, passage: Passage) {
  const later = createQueue(() => direction.delayMs + direction.jitterMs * random());
  return {
    carry(bytes: Buffer): void {
      for (const piece of slices(bytes, direction.sliceBytes)) {
        later(() => pass(piece), (piece.length / direction.bytesPerSecond) * 1000);
      }
    },
    end(action: () => void): void {
      later(() => passage.isOpen() && action(), 0);
    },
  };

  function pass(piece: Buffer): void {
    if (!passage.isOpen()) return;
    if (direction.lost) {
      passage.swallowed();
      return;
    }
    const whole = direction.cutAfterBytes >= piece.length;
    const sent = whole ? piece : piece.subarray(0, direction.cutAfterBytes);
    direction.cutAfterBytes -= sent.length;
    if (sent.length > 0) passage.send(sent);
    if (!whole) {
      direction.cutAfterBytes = Number.POSITIVE_INFINITY;
      passage.cut();
    }
  }
}

function slices(bytes: Buffer, size: number): Buffer[] {
  if (size >= bytes.length) return [bytes];
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

/** Runs actions after a delay, in order, and at once if there is neither a delay nor an earlier action. */
function createQueue(delayMs: () => number): (action: () => void, transferMs: number) => void {
  const waiting: { readonly action: () => void; readonly dueAt: number }[] = [];
  let lastDueAt = 0;

  function runDue(): void {
    for (let head = waiting[0]; head !== undefined; head = waiting[0]) {
      const remainingMs = head.dueAt - performance.now();
      if (remainingMs > 0) {
        setTimeout(runDue, remainingMs).unref();
        return;
      }
      waiting.shift();
      head.action();
    }
  }

  return (action, transferMs) => {
    const now = performance.now();
    // Later bytes wait for the earlier ones, and then take their own time.
    lastDueAt = transferMs > 0 ? Math.max(now, lastDueAt) + transferMs : now;
    waiting.push({ action, dueAt: lastDueAt + delayMs() });
    if (waiting.length === 1) runDue();
  };
}

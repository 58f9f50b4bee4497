/**
 * How one direction of a connection is spoiled. Everything may be changed at any time, and holds for what comes afterwards.
 *
 * @public
 */
export interface Lane {
  /** How long bytes and ends take; they keep their order. @defaultValue 0 */
  delayMs: number;
  /** Up to so much more, by chance. @defaultValue 0 */
  jitterMs: number;
  /** How many bytes go through in a second. @defaultValue `Infinity` */
  bytesPerSecond: number;
  /** Bytes are passed on in pieces of that size, each in a packet of its own. @defaultValue `Infinity` */
  sliceBytes: number;
  /** When so many more bytes have gone through, the connection is reset in the middle of whatever it was. @defaultValue `Infinity` */
  cutAfterBytes: number;
  /** While on, bytes are swallowed. @defaultValue `false` */
  lost: boolean;
}

export function createLane(): Lane {
  return { ...untroubled };
}

/** Returns a lane to normal. */
export function clear(lane: Lane): void {
  Object.assign(lane, untroubled);
}

const untroubled: Lane = {
  delayMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sliceBytes: Number.POSITIVE_INFINITY,
  cutAfterBytes: Number.POSITIVE_INFINITY,
  lost: false,
};

/** What becomes of the bytes of one connection in one direction. */
export interface Passage {
  send(bytes: Buffer): void;
  swallowed(): void;
  cut(): void;
  isOpen(): boolean;
}

/** Takes bytes and ends, and passes them on as the lane says. */
export function createConveyor(lane: Lane, random: () => number, passage: Passage) {
  const later = createQueue(() => lane.delayMs + lane.jitterMs * random());
  return {
    carry(bytes: Buffer): void {
      for (const piece of slices(bytes, lane.sliceBytes)) {
        later(() => pass(piece), (piece.length / lane.bytesPerSecond) * 1000);
      }
    },
    end(action: () => void): void {
      later(() => passage.isOpen() && action(), 0);
    },
  };

  function pass(piece: Buffer): void {
    if (!passage.isOpen()) return;
    if (lane.lost) {
      passage.swallowed();
      return;
    }
    const whole = lane.cutAfterBytes >= piece.length;
    const sent = whole ? piece : piece.subarray(0, lane.cutAfterBytes);
    lane.cutAfterBytes -= sent.length;
    if (sent.length > 0) passage.send(sent);
    if (!whole) {
      lane.cutAfterBytes = Number.POSITIVE_INFINITY;
      passage.cut();
    }
  }
}

function slices(bytes: Buffer, size: number): Buffer[] {
  if (size >= bytes.length) return [bytes];
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

/** Runs actions after a delay, in the order they came, and at once when there is neither a delay nor an earlier action. */
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
    // What follows has to wait for the bytes before it, and then needs its own time.
    lastDueAt = transferMs > 0 ? Math.max(now, lastDueAt) + transferMs : now;
    waiting.push({ action, dueAt: lastDueAt + delayMs() });
    if (waiting.length === 1) runDue();
  };
}

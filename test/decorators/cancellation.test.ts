import { type OperationOptions, type SessionHandler, withConnectionCheck, withTimeout } from "sessionwire";
import { type Cancellation, createGuardedHandler, decorateHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock, rejects, settled } from "sessionwire/testing";
import { expect, test, vi } from "vitest";
import { handlerWith, hanging, watch } from "./stand-ins.ts";

/** Spreads the options, as a handler does that somebody has written by hand around another one. */
function spreading(inner: SessionHandler, more: OperationOptions = {}): SessionHandler {
  return { ...inner, read: (id, options) => inner.read(id, { ...options, ...more }) };
}

function openScene(more?: OperationOptions) {
  const clock = createVirtualClock();
  const inner = createGuardedHandler(hanging, { name: "A store", timeoutMs: 1000, clock });
  return { clock, handler: withTimeout(spreading(inner, more), { timeoutMs: 10_000, clock }) };
}

test("a cancellation survives a spread of the options", async () => {
  const { handler, clock } = openScene();
  const caller = new AbortController();
  const reading = watch(handler.read("a", { signal: caller.signal }));
  caller.abort();
  await settled();
  await rejects(Promise.reject(reading.error), "aborted");
  expect(clock.pending).toBe(0); // the handler inside has given up as well
});

test("a signal added on the way cancels as well, and so does the caller's", async () => {
  for (const giveUp of ["caller", "other"] as const) {
    const [caller, other] = [new AbortController(), new AbortController()];
    const { handler, clock } = openScene({ signal: other.signal });
    const reading = watch(handler.read("a", { signal: caller.signal }));
    ({ caller, other })[giveUp].abort("a reason");
    await settled();
    expect(await rejects(Promise.reject(reading.error), "aborted")).toMatchObject({
      ...(giveUp === "caller" && { cause: "a reason" }),
    });
    expect(clock.pending).toBe(0);
  }
});

test("a source that was cancelled before the call is noticed, whichever it is", async () => {
  const { signal } = new AbortController();
  const handler = createMemoryHandler();
  const given: Cancellation[] = [];
  const outer = decorateHandler(handlerWith({}), { operation: (_, next) => next() });
  await withTimeout({
    ...outer,
    async read(_, options) {
      if (options?.cancellation) given.push(options.cancellation);
      return undefined;
    },
  }).read("a");
  const [cancellation] = given;
  await rejects(handler.read("a", { cancellation, signal: AbortSignal.abort() }), "aborted");
  await expect(handler.read("a", { cancellation, signal })).resolves.toBeUndefined();
});

test("a signal is created only for a handler that asks for one", async () => {
  let made = 0;
  class Counted extends AbortController {
    constructor() {
      super();
      made += 1;
    }
  }
  vi.stubGlobal("AbortController", Counted);
  try {
    await withTimeout(decorateHandler(createMemoryHandler(), {})).read("a");
    expect(made).toBe(0);
    const signals: unknown[] = [];
    const asking = handlerWith({ read: async (_, options) => void signals.push(options?.signal, options?.signal) });
    await withTimeout(asking).read("a");
    expect(made).toBe(1);
    expect(signals).toEqual([expect.any(AbortSignal), signals[0]]);
  } finally {
    vi.unstubAllGlobals();
  }
});

test("an invalid cancellation is refused", async () => {
  const handler = createMemoryHandler();
  for (const cancellation of [null, "text", {}, AbortSignal.abort()] as never[]) {
    await expect(handler.read("a", { cancellation })).rejects.toThrow(TypeError);
    await expect(handler.destroy("a", { cancellation })).rejects.toThrow(TypeError);
    await expect(handler.list({ cancellation })).rejects.toThrow(TypeError);
    await expect(withTimeout(handler).touch("a", 60, { cancellation })).rejects.toThrow(TypeError);
  }
});

test("reading a signal sends nothing", async () => {
  const clock = createVirtualClock();
  const touch = (_key: string, _ttlSeconds: number, call: { notSentYet(): void; readonly signal: AbortSignal }) => {
    call.notSentYet();
    return new Promise<never>(() => call.signal.addEventListener("abort", () => {}));
  };
  const handler = createGuardedHandler({ ...hanging, touch }, { name: "A store", timeoutMs: 1000, clock });
  const touching = rejects(handler.touch("a", 60), "timeout", "not-applied");
  await clock.advance(1000);
  await touching;
});

test("closing a handler with a connection check cancels the ping under way", async () => {
  let pinging: AbortSignal | undefined;
  const inner = handlerWith({
    ping(options) {
      pinging = options?.signal;
      return new Promise(() => {});
    },
  });
  const handler = withConnectionCheck(inner, { everySeconds: 0, clock: createVirtualClock() });
  const reading = rejects(handler.read("a"), "closed");
  await settled();
  expect(pinging?.aborted).toBe(false);
  await handler.close();
  await reading;
  expect(pinging?.aborted).toBe(true);
});

test("a hook that awaits leaves the signal to the handler inside while that has the call (law 39)", async () => {
  const clock = createVirtualClock();
  const inner = createGuardedHandler(hanging, { name: "A store", timeoutMs: 1000, clock });
  const handler = decorateHandler(inner, { operation: async (_operation, next) => await next() });
  const { signal } = new AbortController();
  const listen = vi.spyOn(signal, "addEventListener");
  const forget = vi.spyOn(signal, "removeEventListener");
  const reading = watch(handler.read("a", { signal }));
  await settled();
  expect(listen.mock.calls.length - forget.mock.calls.length).toBe(1);
  const closing = rejects(handler.close(), "timeout");
  await settled();
  expect(reading.state).toBe("rejected");
  expect(listen.mock.calls.length - forget.mock.calls.length).toBe(0);
  await clock.advance(1000);
  await closing;
});

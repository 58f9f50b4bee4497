import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import { SessionError, withObserver } from "sessionwire";
import { type CallMessage, createDiagnosticsObserver } from "sessionwire/diagnostics";
import { createReferenceHandler, createScriptedHandler, rejects } from "sessionwire/testing";
import { expect, onTestFinished, test } from "vitest";

const calls = tracingChannel<unknown, CallMessage>("sessionwire:call");
const names = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

/** Writes down what is published on all channels. */
function listen(): (readonly [name: string, message: CallMessage])[] {
  const heard: (readonly [string, CallMessage])[] = [];
  for (const name of names) {
    const listener = (message: unknown) => void heard.push([name, message as CallMessage]);
    calls[name].subscribe(listener);
    onTestFinished(() => void calls[name].unsubscribe(listener));
  }
  return heard;
}

test("a call is published from its beginning to its end, as one message", async () => {
  const heard = listen();
  const handler = withObserver(createReferenceHandler(), createDiagnosticsObserver());
  await handler.read("a");
  expect(heard.map(([name]) => name)).toEqual(["start", "end", "asyncStart", "asyncEnd"]);
  expect(new Set(heard.map(([, message]) => message)).size).toBe(1);
  expect(heard[0]?.[1]).toMatchObject({ call: { name: "session.read", kind: "read" }, result: "absent" });
});

test("a failed call is published as an error before its end", async () => {
  const heard = listen();
  const inner = createScriptedHandler(createReferenceHandler());
  const handler = withObserver(inner, createDiagnosticsObserver());
  const error = new SessionError("unavailable", "No connection.");
  inner.next("read", () => Promise.reject(error));
  await rejects(handler.read("a"), "unavailable");
  expect(heard.map(([name]) => name)).toEqual(["start", "end", "error", "asyncStart", "asyncEnd"]);
  expect(heard[0]?.[1].error).toBe(error);
});

test("a store that is bound to the start of a call is that of what the call does", async () => {
  const storage = new AsyncLocalStorage<string>();
  calls.start.bindStore(storage, ({ call }: CallMessage) => call.name);
  onTestFinished(() => void calls.start.unbindStore(storage));
  const inner = createReferenceHandler();
  const seen: (string | undefined)[] = [];
  const read = () => {
    seen.push(storage.getStore());
    return inner.read("a");
  };
  await withObserver({ ...inner, read }, createDiagnosticsObserver()).read("a");
  expect(seen).toEqual(["session.read"]);
  expect(storage.getStore()).toBeUndefined();
});

test("nothing is made while nobody listens, and a subscriber of any channel is enough", async () => {
  const observer = createDiagnosticsObserver();
  expect(observer.isListening).toBe(false);
  for (const name of names) {
    const listener = () => {};
    calls[name].subscribe(listener);
    expect(observer.isListening, name).toBe(true);
    calls[name].unsubscribe(listener);
  }
  expect(observer.isListening).toBe(false);
});

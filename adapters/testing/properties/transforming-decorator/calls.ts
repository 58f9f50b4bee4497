import fc from "fast-check";
import type { DestroyResult, SessionHandler, StoredSession, Version, WriteResult } from "sessionwire";
import { print } from "../../print.ts";
import { ttls } from "../arbitraries.ts";
import { holds } from "../contract.ts";
import { type Content, contents, ids } from "./contents.ts";
import {
  expectCorrupt,
  expectFailure,
  expectFound,
  expectPage,
  expectPassedOn,
  expectSize,
  isTooLarge,
} from "./expectations.ts";
import type { Made, RunningCall } from "./running-call.ts";
import type { Scene } from "./scene.ts";
import type { Method } from "./witness-store.ts";

/** A call on a handler, its printed form, and its expected outcome. */
export interface Call {
  readonly words: string;
  readonly method: Method;
  /** The id; `undefined` for a listing. */
  readonly id: string | undefined;
  argsOn(scene: Scene, signal: AbortSignal | undefined): readonly unknown[];
  expect(scene: Scene, made: Made): void;
}

/** The version that a call is meant for: the current one, an earlier one, or none. */
type Choice = "current" | "earlier" | "none";

/** Makes a call and waits for it. */
export async function make(call: Call, scene: Scene, handler: SessionHandler): Promise<Made> {
  return scene.settle(begin(call, scene, handler));
}

export function begin(call: Call, scene: Scene, handler: SessionHandler, signal?: AbortSignal): RunningCall {
  return scene.begin({ ...call, args: call.argsOn(scene, signal) }, handler);
}

export const anyId: fc.Arbitrary<string> = fc.constantFrom(...ids);
const choices = fc.tuple(fc.constantFrom<Choice[]>("current", "current", "current", "earlier", "none"), fc.nat(9));

const reads = fc.tuple(anyId, fc.option(ttls(), { nil: undefined })).map((parts) => read(...parts));

export const writes: fc.Arbitrary<Call> = fc
  .tuple(anyId, contents, ttls(), choices)
  .map(([id, content, ttlSeconds, choice]) => write(id, content, ttlSeconds, ...choice));

const touches = fc.tuple(anyId, ttls()).map((parts) => touch(...parts));

const destroys = fc.tuple(anyId, choices).map(([id, choice]) => destroy(id, ...choice));

const lists = fc
  .tuple(fc.constantFrom("", "a", "bob"), fc.constantFrom(undefined, "0", "1"))
  .map((parts) => list(...parts));

/** Generates any call on a handler that can list. */
export const calls: fc.Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: reads },
  { weight: 6, arbitrary: writes },
  { weight: 2, arbitrary: touches },
  { weight: 3, arbitrary: destroys },
  { weight: 1, arbitrary: lists },
);

export function read(id: string, ttlSeconds?: number): Call {
  return {
    words: `read(${print(id)}${ttlSeconds === undefined ? "" : `, ${ttlSeconds} s`})`,
    method: "read",
    id,
    argsOn: (_, signal) => [id, { ...(ttlSeconds !== undefined && { ttlSeconds }), ...(signal && { signal }) }],
    expect(scene, made) {
      expectPassedOn(made, "read", id, { ttlSeconds });
      const [inside] = made.asked;
      if (inside?.error !== undefined) return expectFailure(made, inside.error);
      expectFound(scene, made, id, made.result as StoredSession | undefined, 56); // as far as it answers
    },
  };
}

export function write(id: string, content: Content, ttlSeconds = 60, choice: Choice = "current", index = 0): Call {
  const what = { current: "over what is there", earlier: "over an earlier version", none: "to create" }[choice];
  return {
    words: `write(${print(id)}, ${content.words}, ${ttlSeconds} s, ${what})`,
    method: "write",
    id,
    argsOn(scene, signal) {
      const replaces = choose(scene, id, choice, index);
      return [id, content.bytesOn(scene), { replaces, ttlSeconds, ...(signal && { signal }) }];
    },
    expect(scene, made) {
      if (isTooLarge(made)) return expectSize(scene, made);
      expectPassedOn(made, "write", id, made.args[2]);
      expectAnswer(scene, made, id, 10);
    },
  };
}

export function touch(id: string, ttlSeconds: number): Call {
  return {
    words: `touch(${print(id)}, ${ttlSeconds} s)`,
    method: "touch",
    id,
    argsOn: (_, signal) => [id, ttlSeconds, ...(signal ? [{ signal }] : [])],
    expect(scene, made) {
      const hasWritten = made.asked.some(({ method }) => method === "write");
      holds(14, !hasWritten, `${made.words} wrote`);
      expectPassedOn(made, "touch", id, { ttlSeconds });
      const [inside] = made.asked;
      if (inside?.error !== undefined) return expectFailure(made, inside.error);
      holds(56, made.result === scene.store.entries.has(id), `${made.words} returns ${print(made.result)}`);
    },
  };
}

export function destroy(id: string, choice: Choice = "none", index = 0): Call {
  const what = { current: ", if it is what is there", earlier: ", if it is an earlier version", none: "" }[choice];
  return {
    words: `destroy(${print(id)}${what})`,
    method: "destroy",
    id,
    argsOn(scene, signal) {
      const replaces = choose(scene, id, choice, index);
      return [id, { ...(replaces !== undefined && { replaces }), ...(signal && { signal }) }];
    },
    expect(scene, made) {
      expectPassedOn(made, "destroy", id, made.args[1]);
      expectAnswer(scene, made, id, 17);
    },
  };
}

function list(prefix: string, cursor: string | undefined): Call {
  return {
    words: `list(${print(prefix)}${cursor === undefined ? "" : `, from ${print(cursor)}`})`,
    method: "list",
    id: undefined,
    argsOn: (_, signal) => [{ prefix, cursor, ...(signal && { signal }) }],
    expect(_, made) {
      expectPassedOn(made, "list", undefined, { prefix, cursor });
      const [inside] = made.asked;
      if (inside?.error !== undefined) return expectFailure(made, inside.error);
      expectPage(made, inside?.result);
    },
  };
}

/** Checks the answer to a write or a destroy: it equals that of the inner handler, except for the data. */
function expectAnswer(scene: Scene, made: Made, id: string, law: number): void {
  const { words, result, error, asked } = made;
  const [call] = asked;
  if (call?.error !== undefined) {
    expectFailure(made, call.error);
    return;
  }
  const inside = call?.result as WriteResult | DestroyResult; // it has answered
  const name = "written" in inside ? "written" : "destroyed";
  const isRefused = "current" in inside;
  const current = isRefused ? scene.found(id) : undefined;
  if (current && current.data === undefined) {
    expectCorrupt(made, "not-applied");
    return;
  }
  holds(56, error === undefined, `${words} rejects with ${String(error)} although the inner handler has answered`);
  const answer = Object(result) as Readonly<Record<string, unknown>>; // of either kind
  holds(56, answer[name] === !isRefused, `${words} returns ${print(result)} instead of ${print(inside)}`);
  if (isRefused) expectFound(scene, made, id, answer.current as StoredSession | undefined, law);
  else if ("version" in inside) holds(23, answer.version === inside.version, `${words} returns a version of its own`);
}

function choose({ store, contents }: Scene, id: string, choice: Choice, index: number): Version | undefined {
  if (choice === "none") return undefined;
  if (choice === "current") return store.entries.get(id)?.version;
  const known = [...contents.keys()];
  return known[index % Math.max(1, known.length)];
}

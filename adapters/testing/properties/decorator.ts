import fc from "fast-check";
import {
  isSessionError,
  type NetworkedSessionHandler,
  SessionError,
  type SessionHandler,
  type StoredSession,
  type Version,
} from "sessionwire";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { type Contract, holds, type Step, stories } from "./contract.ts";

/**
 * A decorator with its options, on virtual time.
 *
 * @public
 */
export type Decorate = (handler: NetworkedSessionHandler, clock: VirtualClock) => SessionHandler;

/** What the handler inside was asked, and what it is to answer. */
interface Scene {
  readonly inner: NetworkedSessionHandler;
  readonly outer: SessionHandler;
  readonly clock: VirtualClock;
  readonly asked: unknown[][];
  answer: () => Promise<unknown>;
  closes: number;
}

/**
 * A decorator that adds nothing of its own to a call: whatever the handler inside answers comes out, once, with the arguments that
 * went in; laws 40, 54, 56, 57, 105, 106, 109 and 110.
 *
 * @public
 */
export const decoratorContract: Contract<Decorate> = {
  name: "A decorator",
  property: (decorate) =>
    fc.asyncProperty(stories(steps, 12), async ({ steps }) => {
      const clock = createVirtualClock();
      const scene: Scene = { asked: [], closes: 0, answer: async () => undefined, clock } as unknown as Scene; // completed below
      const inner = createInner(scene);
      const outer = decorate(inner, clock);
      Object.assign(scene, { inner, outer });
      for (const method of ["ping", "reconnect"]) holds(106, method in outer, `It has lost ${method}`);
      holds(106, !("list" in outer), "It claims to list, which the handler inside cannot");
      for (const step of steps) await step.take(scene);
      await Promise.all([outer.close(), outer.close(), outer[Symbol.asyncDispose]()]);
      holds(110, scene.closes === 1, `The handler inside was closed ${scene.closes} times`);
      const asked = scene.asked.length;
      const late = await outcomeOf(outer.read("a"), clock);
      holds(
        40,
        isSessionError(late.error) && late.error.code === "closed",
        "A call after the close was not refused as closed",
      );
      holds(40, scene.asked.length === asked, "A call after the close was passed on");
      holds(70, clock.pending === 0, "Timers are left");
    }),
};

/** The methods of operations, for a handler that is made by hand. */
function createInner(scene: Scene): NetworkedSessionHandler {
  const asks =
    (name: string) =>
    (...args: unknown[]): Promise<never> => {
      scene.asked.push([name, ...args]);
      return scene.answer() as Promise<never>; // what the step has chosen for this method
    };
  const close = async () => {
    scene.closes += 1;
  };
  return {
    read: asks("read"),
    write: asks("write"),
    touch: asks("touch"),
    destroy: asks("destroy"),
    ping: async () => {},
    reconnect: async () => {},
    close,
    [Symbol.asyncDispose]: close,
  };
}

const version = "a version" as Version; // nobody makes anything of it
const data = new Uint8Array([1, 2, 3]);
const current: StoredSession = { data, version };

type Method = "read" | "write" | "touch" | "destroy";

const answers: Readonly<Record<Method, readonly unknown[]>> = {
  read: [undefined, current],
  write: [
    { written: true, version },
    { written: false, current },
    { written: false, current: undefined },
  ],
  touch: [true, false],
  destroy: [{ destroyed: true }, { destroyed: false, current }, { destroyed: false, current: undefined }],
};

const ttlSeconds = 60;
const argumentsOf: Readonly<Record<Method, readonly unknown[][]>> = {
  read: [["a"], ["a", { ttlSeconds }]],
  write: [
    ["a", data, { replaces: version, ttlSeconds }],
    ["a", data, { replaces: undefined, ttlSeconds }],
  ],
  touch: [["a", ttlSeconds]],
  destroy: [["a"], ["a", { replaces: version }]],
};

const errors = [
  () => new SessionError("overloaded", "Too much.", { outcome: "not-applied" }),
  () => new SessionError("unavailable", "Gone.", { outcome: "unknown" }),
  () => new SessionError("read_only", "A replica.", { outcome: "not-applied" }),
  () => new Error("of somebody else"),
];

const steps: fc.Arbitrary<Step<Scene>> = fc
  .tuple(fc.constantFrom<Method>("read", "write", "touch", "destroy"), fc.nat(5), fc.nat(5), fc.nat(11))
  .map(([method, argument, answer, failure]) => {
    const args = pick(argumentsOf[method], argument);
    const createError = errors[failure];
    const said = pick(answers[method], answer);
    const words = createError
      ? `fails with ${createError().message}`
      : `answers ${JSON.stringify(said) ?? "undefined"}`;
    return {
      words: `${method}(${args.length - 1} more) ${words}`,
      take: (scene) =>
        createError ? expectError(scene, method, args, createError()) : expectAnswer(scene, method, args, said),
    };
  });

async function expectAnswer(scene: Scene, method: Method, args: readonly unknown[], answer: unknown): Promise<void> {
  scene.answer = async () => answer;
  const { result, error } = await call(scene, method, args);
  holds(56, error === undefined, `It rejects with ${String(error)} where the handler inside has answered`);
  holds(56, result === answer, "It answers something else than the handler inside");
}

async function expectError(scene: Scene, method: Method, args: readonly unknown[], thrown: Error): Promise<void> {
  scene.answer = () => Promise.reject(thrown);
  const { error } = await call(scene, method, args);
  if (isSessionError(thrown))
    return holds(109, error === thrown, `An error of the package came out as ${String(error)}`);
  holds(
    109,
    isSessionError(error) && error.cause === thrown,
    "An error of somebody else was not wrapped with its cause",
  );
  holds(34, method === "read" || (isSessionError(error) && error.outcome === "unknown"), "It knows more than it can");
}

async function call(scene: Scene, method: Method, args: readonly unknown[]) {
  const before = scene.asked.length;
  // The method and its arguments fit each other, which the compiler cannot see.
  const run = scene.outer[method] as (...args: readonly unknown[]) => Promise<unknown>;
  const outcome = await outcomeOf(run.apply(scene.outer, [...args]), scene.clock);
  const asked = scene.asked.slice(before);
  holds(54, asked.length === 1, `One call was passed on ${asked.length} times`);
  holds(57, isSame(asked[0], [method, ...args]), "The arguments were passed on changed");
  return outcome;
}

/** Time enough for anything that a decorator may do first. */
async function outcomeOf(
  promise: Promise<unknown>,
  clock: VirtualClock,
): Promise<{ result?: unknown; error?: unknown }> {
  const watched = promise.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  await clock.advance(100);
  return watched;
}

/** Options may be other objects, and have a signal or what says nothing besides. */
function isSame(asked: readonly unknown[] | undefined, expected: readonly unknown[]): boolean {
  return expected.every((value, place) => {
    const found = asked?.[place];
    if (value instanceof Uint8Array) return found instanceof Uint8Array && String(found) === String(value);
    if (typeof value !== "object" || value === null) return found === value;
    return Object.entries(value).every(
      ([name, each]) => (found as Record<string, unknown> | undefined)?.[name] === each,
    );
  });
}

function pick<T>(list: readonly T[], place: number): T {
  return list[place % list.length] as T; // no list is empty
}

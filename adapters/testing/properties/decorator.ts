import fc from "fast-check";
import {
  isSessionError,
  type NetworkedSessionHandler,
  SessionError,
  type SessionHandler,
  type StoredSession,
  type Version,
} from "sessionwire";
import type { Decorate } from "../laws/decorator/fixture.ts";
import { print, printCall } from "../print.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { type Contract, holds, type Step, stories } from "./contract.ts";
import { expectPassedError } from "./passed-error.ts";

export type { Decorate };

/** The calls of the inner handler, and its prescribed answers. */
interface Scene {
  readonly inner: NetworkedSessionHandler;
  readonly outer: SessionHandler;
  readonly clock: VirtualClock;
  readonly asked: unknown[][];
  answer: () => Promise<unknown>;
  closes: number;
}

/**
 * A decorator that adds nothing of its own to a call: every answer of the inner handler is returned unchanged,
 * arguments are passed on once and unchanged, and nothing is left behind.
 *
 * @public
 */
export const decoratorContract: Contract<Decorate> = {
  name: "A decorator",
  laws: [32, 34, 38, 40, 54, 56, 57, 70, 105, 106, 109, 110],
  property: (decorate) =>
    fc.asyncProperty(stories(steps, 12), async ({ steps }) => {
      const clock = createVirtualClock();
      const scene: Scene = { asked: [], closes: 0, answer: async () => undefined, clock } as unknown as Scene; // completed below
      const inner = createInner(scene);
      const outer = decorate(inner, clock);
      Object.assign(scene, { inner, outer });
      for (const method of ["ping", "reconnect"]) holds(106, method in outer, `It has lost ${method}`);
      holds(106, !("list" in outer), "It claims to list, which the inner handler cannot do");
      for (const step of steps) await step.take(scene);
      await Promise.all([outer.close(), outer.close(), outer[Symbol.asyncDispose]()]);
      holds(110, scene.closes === 1, `The inner handler was closed ${scene.closes} times`);
      for (const method of methods) await expectClosed(scene, method);
    }),
};

/** Returns the methods of operations, for a handler that is built manually. */
function createInner(scene: Scene): NetworkedSessionHandler {
  const asks =
    (name: string) =>
    (...args: unknown[]): Promise<never> => {
      scene.asked.push([name, ...args]);
      return scene.answer() as Promise<never>; // prescribed by the step for this method
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

const version = "a version" as Version; // the result is not used
const data = new Uint8Array([1, 2, 3]);
const current: StoredSession = { data, version };

const methods = ["read", "write", "touch", "destroy"] as const;

type Method = (typeof methods)[number];

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
  () => new SessionError("read-only", "A replica.", { outcome: "not-applied" }),
  () => new Error("of somebody else"),
];

const steps: fc.Arbitrary<Step<Scene>> = fc
  .tuple(fc.constantFrom(...methods), fc.nat(5), fc.nat(5), fc.nat(11))
  .map(([method, argument, answer, failure]) => {
    const args = pick(argumentsOf[method], argument);
    const createError = errors[failure];
    const said = pick(answers[method], answer);
    const words = createError ? `fails with ${print(createError().message)}` : `answers ${print(said)}`;
    return {
      words: `${printCall(method, args)} ${words}`,
      take: (scene) =>
        createError ? expectError(scene, method, args, createError()) : expectAnswer(scene, method, args, said),
    };
  });

async function expectAnswer(scene: Scene, method: Method, args: readonly unknown[], answer: unknown): Promise<void> {
  scene.answer = async () => answer;
  const { call, result, error } = await passOn(scene, method, args);
  holds(56, error === undefined, `${call} rejects with ${String(error)} although the inner handler has answered`);
  holds(56, result === answer, `${call} returns something else than the inner handler`);
}

async function expectError(scene: Scene, method: Method, args: readonly unknown[], thrown: Error): Promise<void> {
  scene.answer = () => Promise.reject(thrown);
  const { call, result, error } = await passOn(scene, method, args);
  holds(32, error !== undefined, `${call} returns ${print(result)} although the inner handler has failed`);
  expectPassedError(call, error, thrown, method !== "read");
}

async function expectClosed(scene: Scene, method: Method): Promise<void> {
  const args = pick(argumentsOf[method], 0);
  const before = scene.asked.length;
  const { call, error } = await make(scene, method, args);
  const isRefused = isSessionError(error) && error.code === "closed";
  holds(40, isRefused, `After the close, ${call} was not refused as closed`);
  holds(40, scene.asked.length === before, `After the close, ${call} was passed on`);
  const isKnown = method === "read" || (isRefused && error.outcome === "not-applied");
  holds(34, isKnown, `After the close, ${call} does not state that nothing was applied`);
}

async function passOn(scene: Scene, method: Method, args: readonly unknown[]): Promise<Made> {
  const before = scene.asked.length;
  const made = await make(scene, method, args);
  const asked = scene.asked.slice(before);
  const same = asked.filter(([name]) => name === method);
  holds(54, same.length <= 1, `${made.call} was passed on ${same.length} times`);
  holds(105, asked.length === 1 && same.length === 1, `For ${made.call}, the inner handler received ${print(asked)}`);
  holds(57, isSame(asked[0], [method, ...args]), `${made.call} was passed on with changes`);
  return made;
}

interface Made {
  readonly call: string;
  readonly result?: unknown;
  readonly error?: unknown;
}

/**
 * Makes a call and waits for its end. A decorator may take its time before a call, but everything that it started for a
 * call ends with that call.
 */
async function make({ outer, clock }: Scene, method: Method, args: readonly unknown[]): Promise<Made> {
  const call = printCall(method, args);
  // The method and its arguments match, which the compiler cannot see.
  const run = outer[method] as (...args: readonly unknown[]) => Promise<unknown>;
  let left: number | undefined;
  const note = () => {
    left = clock.pending;
  };
  const made = run.apply(outer, [...args]).then(
    (result) => ({ call, result }),
    (error: unknown) => ({ call, error }),
  );
  made.then(note);
  await clock.advance(100);
  holds(38, left !== undefined, `${call} does not settle`);
  holds(70, left === 0, `When ${call} has settled, timers are left`);
  return made;
}

/**
 * Returns true if two calls are the same. Options may be other objects, with another signal or with members that mean
 * nothing.
 */
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
  return list[place % list.length] as T; // the list is not empty
}

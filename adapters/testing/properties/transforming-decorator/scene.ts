import { inspect } from "node:util";
import type { ListingSessionHandler, SessionHandler, Version } from "sessionwire";
import { createVirtualClock, settled, type VirtualClock } from "../../virtual-clock.ts";
import { holds } from "../contract.ts";
import type { TransformingDecorator } from "../transforming-decorator.ts";
import type { Call } from "./calls.ts";
import { type Asked, MAX_BYTES, type Method, WitnessStore } from "./witness-store.ts";

/** How the decorators stand around the store in one story. */
export interface Setting {
  readonly hasLimit: boolean;
  readonly lists: boolean;
  /** Two of the same kind, around each other. */
  readonly isTwice: boolean;
}

/** A call that has settled. */
export interface Made {
  readonly words: string;
  readonly method: Method;
  /** The `maxBytes` of the handler. */
  readonly limit: number | undefined;
  /** The arguments as they were. */
  readonly args: readonly unknown[];
  readonly result: unknown;
  readonly error: unknown;
  /** The calls of the handler inside for it. */
  readonly asked: readonly Answered[];
}

type Answered = Asked & Pick<Made, "result" | "error">;

/** How long a call may take that has only its own work to wait for: in milliseconds, and in turns of the event loop. */
const PATIENCE_MS = 2000;
const PATIENCE_TURNS = 200;

/** Two processes with the same decorator on one store, and what should be in it. */
export class Scene {
  readonly subject: TransformingDecorator;
  readonly clock: VirtualClock = createVirtualClock();
  readonly store: WitnessStore;
  /** How many bytes a session may have in the store. */
  readonly limit: number;
  readonly processes: readonly [SessionHandler, SessionHandler];
  /** One that cannot encode, if the subject has it. */
  readonly failing: SessionHandler | undefined;
  /** The data of the caller that each version stands for; `undefined` for bytes that cannot be decoded. */
  readonly contents: Map<Version, Uint8Array | undefined> = new Map();
  /** How many calls of the handlers inside belong to a call that is over. */
  #explained = 0;

  constructor(subject: TransformingDecorator, { hasLimit, lists, isTwice }: Setting) {
    this.subject = subject;
    this.store = new WitnessStore(hasLimit ? MAX_BYTES : undefined);
    this.limit = hasLimit ? MAX_BYTES : Number.POSITIVE_INFINITY;
    const decorated = (decorate = subject.decorate): SessionHandler => {
      const inner = this.store.createHandler(lists);
      const once = expectCapabilities(decorate(inner, this.clock), lists);
      return isTwice ? expectCapabilities(decorate(once, this.clock), lists) : once;
    };
    this.processes = [decorated(), decorated()];
    this.failing = subject.decorateFailing && decorated(subject.decorateFailing);
  }

  get handlers(): readonly SessionHandler[] {
    return this.failing ? [...this.processes, this.failing] : this.processes;
  }

  /** What its callers should see of what is stored. */
  found(id: string): { readonly version: Version; readonly data: Uint8Array | undefined } | undefined {
    const entry = this.store.entries.get(id);
    return entry && { version: entry.version, data: this.contents.get(entry.version) };
  }

  /** Makes a call and waits for it. */
  async make(call: Call, handler: SessionHandler): Promise<Made> {
    return this.settle(this.begin(call, handler));
  }

  begin(call: Call, handler: SessionHandler, signal?: AbortSignal): RunningCall {
    return new RunningCall(call, handler, this, signal);
  }

  /** There is time for anything that a decorator may do, but what it began for a call ends with that. */
  async settle(running: RunningCall): Promise<Made> {
    await this.until(running, () => running.hasSettled);
    return this.conclude(running);
  }

  async until(running: RunningCall, isTrue: () => boolean): Promise<void> {
    const since = performance.now();
    for (let turn = 0; !isTrue(); turn += 1) {
      if (turn < 100) await this.clock.advance(1);
      else await (turn < PATIENCE_TURNS ? settled() : new Promise((resolve) => setTimeout(resolve, 1)));
      const isOver = turn > PATIENCE_TURNS && performance.now() - since > PATIENCE_MS;
      holds(38, !isOver, `${running.words} does not settle`);
    }
  }

  /** All that the handler inside has been asked so far belongs to calls that have been made. */
  async conclude(running: RunningCall): Promise<Made> {
    const { words, method, limit, args, result, error } = running;
    holds(70, this.clock.pending === 0, `When ${words} has settled, timers are left`);
    this.#explained = this.store.asked.length;
    const asked = await Promise.all(running.asked.map(withAnswer));
    const made = { words, method, limit, args, result, error, asked };
    this.#learn(made);
    if (error !== undefined) this.#expectNoSecrets(error, args);
    return made;
  }

  expectNothingLate(): void {
    const late = this.store.asked.slice(this.#explained).map(({ method }) => method);
    holds(39, late.length === 0, `When its call was over, the handler inside was asked to ${late.join(" and ")}`);
  }

  #learn({ asked, args: [id, data] }: Made): void {
    for (const { method, id: each, result, data: given } of asked) {
      if (method !== "write" || each !== id || !(data instanceof Uint8Array)) continue;
      const { version } = Object(result) as { version?: Version }; // of a write that has been made
      if (version !== undefined) this.contents.set(version, data);
      if (this.subject.hides)
        holds(113, !given || !shows(given, data), "The store was given what the caller has written");
    }
  }

  /** Short data stands in many a text. */
  #expectNoSecrets(error: unknown, [id, data]: readonly unknown[]): void {
    const said = textOf(error);
    holds(35, typeof id !== "string" || !said.includes(id), "An error contains the id of a session");
    for (const each of [data, ...this.contents.values()]) {
      const isTold = each instanceof Uint8Array && each.length >= 8 && said.includes(new TextDecoder().decode(each));
      holds(35, !isTold, "An error contains the data of a session");
    }
  }
}

/** A call that may be under way. */
export class RunningCall {
  readonly words: string;
  readonly method: Method;
  readonly limit: number | undefined;
  /** As they are given; the caller may change the array later. */
  readonly given: readonly unknown[];
  readonly args: readonly unknown[];
  readonly #store: WitnessStore;
  readonly #askedBefore: number;
  hasSettled = false;
  result: unknown;
  error: unknown;

  constructor({ words, method, argsOn }: Call, handler: SessionHandler, scene: Scene, signal: AbortSignal | undefined) {
    this.words = words;
    this.method = method;
    this.limit = handler.maxBytes;
    this.given = argsOn(scene, signal);
    this.args = this.given.map((each) => (each instanceof Uint8Array ? each.slice() : each));
    this.#store = scene.store;
    this.#askedBefore = scene.store.asked.length;
    // The method is there, and its arguments fit it, which the compiler cannot see.
    const run = (handler as unknown as ListingSessionHandler)[method] as (...args: unknown[]) => Promise<unknown>;
    run.apply(handler, [...this.given]).then(
      (result) => {
        this.hasSettled = true;
        this.result = result;
      },
      (error: unknown) => {
        this.hasSettled = true;
        this.error = error;
      },
    );
  }

  get asked(): readonly Asked[] {
    return this.#store.asked.slice(this.#askedBefore);
  }
}

/** Its connection is that of the handler inside, and it lists just when that does. */
function expectCapabilities(handler: SessionHandler, lists: boolean): Parameters<TransformingDecorator["decorate"]>[0] {
  for (const method of ["ping", "reconnect"]) holds(106, method in handler, `It has lost ${method}`);
  holds(106, "list" in handler === lists, lists ? "It has lost list" : "It claims to list");
  return handler as Parameters<TransformingDecorator["decorate"]>[0]; // as has been seen
}

async function withAnswer(asked: Asked): Promise<Answered> {
  return asked.answer.then(
    (result) => ({ ...asked, result, error: undefined }),
    (error: unknown) => ({ ...asked, result: undefined, error }),
  );
}

/** Few bytes, or always the same, are found anywhere. */
function shows(stored: Uint8Array, data: Uint8Array): boolean {
  return data.length >= 8 && new Set(data).size >= 4 && Buffer.from(stored).includes(Buffer.from(data));
}

/** All that an error says, but for the places in its stack, which take long to be found. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const { name, message, cause } = error;
  return [name, message, inspect({ ...error }), cause === undefined ? "" : textOf(cause)].join("\n");
}

import type { SessionHandler, Version } from "sessionwire";
import { createVirtualClock, settled, type VirtualClock } from "../../virtual-clock.ts";
import { holds } from "../contract.ts";
import { type Made, type Request, RunningCall } from "./running-call.ts";
import { expectNoSecrets, shows } from "./secrets.ts";
import type { TransformingDecorator } from "./subject.ts";
import { MAX_BYTES, WitnessStore } from "./witness-store.ts";

/** The surroundings of one story. */
export interface Setting {
  readonly hasLimit: boolean;
  readonly lists: boolean;
  /** Two decorators of the same kind, nested. */
  readonly isTwice: boolean;
}

/** The time limit for a call that waits only for its own work: in milliseconds, and in turns of the event loop. */
const PATIENCE_MS = 2000;
const PATIENCE_TURNS = 200;

/** Two processes with the same decorator on one store, and the expected content of the store. */
export class Scene {
  readonly subject: TransformingDecorator;
  readonly clock: VirtualClock = createVirtualClock();
  readonly store: WitnessStore;
  /** Maximum size of a session in the store, in bytes. */
  readonly limit: number;
  readonly processes: readonly [SessionHandler, SessionHandler];
  /** A handler that cannot encode, if the subject has one. */
  readonly failing: SessionHandler | undefined;
  /** Handlers with the keys before and after a change, if the subject can change them. */
  readonly keyChange: { readonly before: SessionHandler; readonly after: SessionHandler } | undefined;
  /** The caller's data that each version stands for; `undefined` for bytes that cannot be decoded. */
  readonly contents: Map<Version, Uint8Array | undefined> = new Map();
  /** Number of calls of the inner handlers that belong to completed calls. */
  #explained = 0;
  /** The arrays that the inner handlers received, by their content. */
  readonly #received = new Map<string, Uint8Array>();

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
    const { keyChange } = subject;
    this.keyChange = keyChange && { before: decorated(keyChange.before), after: decorated(keyChange.after) };
  }

  get handlers(): readonly SessionHandler[] {
    const { failing, keyChange } = this;
    return [...this.processes, ...(failing ? [failing] : []), ...Object.values(keyChange ?? {})];
  }

  /** Returns the stored session as its callers should see it. */
  found(id: string): { readonly version: Version; readonly data: Uint8Array | undefined } | undefined {
    const entry = this.store.entries.get(id);
    return entry && { version: entry.version, data: this.contents.get(entry.version) };
  }

  begin(request: Request, handler: SessionHandler): RunningCall {
    return new RunningCall(request, handler, this.store);
  }

  /** A decorator may take its time, but everything that it started for a call ends with that call. */
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

  /** Marks all calls that the inner handler has received so far as belonging to completed calls. */
  async conclude(running: RunningCall): Promise<Made> {
    holds(70, this.clock.pending === 0, `When ${running.words} has settled, timers are left`);
    this.#explained = this.store.asked.length;
    const made = await running.made();
    this.#learn(made);
    if (made.error !== undefined) expectNoSecrets(made, [...this.contents.values()]);
    return made;
  }

  expectNothingLate(): void {
    const late = this.store.asked.slice(this.#explained).map(({ method }) => method);
    holds(39, late.length === 0, `When its call was over, the inner handler was asked to ${late.join(" and ")}`);
  }

  #learn({ asked, args: [id, data] }: Made): void {
    for (const { method, id: each, result, data: given } of asked) {
      if (method !== "write" || each !== id || !(data instanceof Uint8Array)) continue;
      const { version } = Object(result) as { version?: Version }; // of a successful write
      if (version !== undefined) this.contents.set(version, data);
      const isSeen = this.subject.hides && given && shows(given, data);
      holds(113, !isSeen, "The store was given what the caller has written");
      if (this.subject.neverRepeats && given) this.#expectNew(given);
    }
  }

  #expectNew(given: Uint8Array): void {
    const name = Buffer.from(given).toString("latin1");
    const known = this.#received.get(name) ?? given;
    holds(140, known === given, "The store was given the same bytes twice");
    this.#received.set(name, given);
  }
}

/** Checks that its connection is that of the inner handler, and that it can list exactly if that one can. */
function expectCapabilities(handler: SessionHandler, lists: boolean): Parameters<TransformingDecorator["decorate"]>[0] {
  for (const method of ["ping", "reconnect"]) holds(106, method in handler, `It has lost ${method}`);
  holds(106, "list" in handler === lists, lists ? "It has lost list" : "It claims to list");
  return handler as Parameters<TransformingDecorator["decorate"]>[0]; // as checked above
}

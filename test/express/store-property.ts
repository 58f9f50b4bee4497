import assert from "node:assert/strict";
import type { SessionData } from "express-session";
import fc from "fast-check";
import type { ExpressStore } from "sessionwire/express";
import {
  createSessionWorld,
  listOf,
  messageFates,
  processPlans,
  type SessionChange,
  SessionLedger,
  type SessionView,
} from "sessionwire/testing/properties";
import { managersOf, type Parts, worldOf } from "../session/properties/parts.ts";

const sid = "chosen by express-session";
const never = "never";

const steps = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("set own", "set own", "set shared", "delete own", "delete shared") },
  { weight: 3, arbitrary: fc.constantFrom("add", "add", "take") },
  { weight: 6, arbitrary: fc.constantFrom("store", "store", "begin to store", "store until it is known") },
  { weight: 2, arbitrary: fc.constantFrom("get", "get for a request", "touch", "update") },
);
const stepsAndEnds = fc.oneof(
  { weight: 16, arbitrary: steps },
  { weight: 1, arbitrary: fc.constantFrom("destroy", "destroy and store") },
);

/**
 * Several stores on one database, and requests of the same session that overlap: no attribute is lost, no message, and what was
 * signed out stays away. The session is there, or each request brings a new one along under the same id.
 */
export function expressStoreProperty(begins: "stored" | "created together") {
  return (parts: Parts) =>
    fc.asyncProperty(processPlans(begins === "stored" ? stepsAndEnds : steps), messageFates(), async (plans, fates) => {
      const world = createSessionWorld(managersOf(parts, "express"), fates, worldOf(parts));
      const ledger = new SessionLedger(sid);
      await world.tell([ledger], async () => {
        const witness = parts.createExpressStore(world.witness);
        if (begins === "stored") await witness.set(sid, fresh());
        ledger.isStored = begins === "stored";
        const requests: Promise<void>[] = [];
        for (const [number, plan] of plans.entries()) {
          const { sessions } = await world.start(plan);
          const store = parts.createExpressStore(sessions, { onGone: "error" });
          for (const [place, steps] of plan.plans.entries()) {
            const request = new Request(`${number}.${place}`, store, ledger);
            if (begins === "created together") request.begin();
            requests.push(request.follow(steps));
          }
        }
        await world.settle(requests);
        world.heal();
        await world.settle([examine(ledger, witness)]);
        await world.close();
      });
    });
}

async function examine(ledger: SessionLedger, witness: ExpressStore): Promise<void> {
  const data = await witness.get(sid);
  if (ledger.ends.some(({ word }) => word === "stored")) assert.equal(data, undefined, "it was signed out (law 92)");
  else if (data) ledger.checkLast(shownIn(data));
  else assert.ok(!ledger.isStored || ledger.mayHaveEnded(sid), "the session is gone, and nobody has ended it");
}

/** An object of express-session, as an application sees it. */
type Data = SessionData & { flash?: Record<string, string[]>; list?: string[]; [name: string]: unknown };

function fresh(): Data {
  return { cookie: { originalMaxAge: null, path: "/", httpOnly: true } };
}

function shownIn(data: SessionData): SessionView {
  const { cookie, flash, list, ...attributes } = data as Data;
  return {
    attributes: new Map(Object.entries(attributes).filter(([, value]) => typeof value === "string")),
    list: listOf(list),
    messages: flash?.message ?? [],
  };
}

/** One object after the other, and what is done with it. */
class Request {
  readonly #name: string;
  readonly #store: ExpressStore;
  readonly #ledger: SessionLedger;
  readonly #running: Promise<unknown>[] = [];
  #data: Data | undefined;
  /** How the object looked when it was handed out or stored last, if it was. */
  #base: SessionView | undefined;
  /** What has been changed in it since. */
  readonly #latest = new Map<string, SessionChange>();
  /** What it was stored with, and is not known to be stored. */
  #open: SessionChange[] = [];

  constructor(name: string, store: ExpressStore, ledger: SessionLedger) {
    this.#name = name;
    this.#store = store;
    this.#ledger = ledger;
  }

  begin(): void {
    this.#data = fresh();
  }

  async follow(plan: readonly string[]): Promise<void> {
    if (this.#data === undefined) await this.#get(false);
    for (const step of plan) await this.#take(step);
    await Promise.all(this.#running);
  }

  async #take(step: string): Promise<void> {
    if (step.startsWith("get")) return this.#isNew() ? undefined : this.#get(step !== "get");
    if (step.startsWith("destroy")) return this.#destroy(step);
    if (step === "update") return this.#update();
    if (this.#data === undefined) return;
    this.#change(step, this.#data);
    if (step === "store") await this.#save(this.#data);
    if (step === "begin to store") this.#running.push(this.#save(this.#data));
    if (step === "touch") return this.#touch(this.#data);
    if (step === "store until it is known") {
      for (let left = 5; left > 0 && (await this.#save(this.#data)) === "unknown"; left -= 1);
    }
  }

  /** Of an object that the store has not seen before, it is just a read. */
  async #touch(data: Data): Promise<void> {
    await Promise.all(this.#running);
    if (this.#base) await this.#attempt("touch", () => this.#store.touch(sid, data));
  }

  #isNew(): boolean {
    return !this.#ledger.isStored;
  }

  #change(step: string, data: Data): void {
    const [verb, which] = step.split(" ");
    const name = which === "own" ? `own ${this.#name}` : "shared";
    if (verb === "set") data[name] = this.#made("set", name);
    if (verb === "delete" && name in data) {
      delete data[name];
      this.#made("delete", name);
    }
    if (verb === "add") {
      data.flash ??= {};
      data.flash.message ??= [];
      data.flash.message.push(this.#made("add", "message"));
    }
    if (verb === "take" && data.flash?.message) {
      this.#ledger.note(`${this.#name} takes ${data.flash.message}`);
      delete data.flash.message;
    }
  }

  #made(kind: SessionChange["kind"], name: string): string {
    const change = this.#ledger.add(kind, name, this.#data ?? this);
    this.#latest.set(kind === "add" ? change.tag : name, change);
    this.#ledger.note(`${this.#name} ${kind} ${change.tag}`);
    return change.tag;
  }

  async #get(forRequest: boolean): Promise<void> {
    await Promise.all(this.#running);
    this.#data = undefined;
    this.#base = undefined;
    this.#open = [];
    this.#latest.clear();
    const begunAt = this.#ledger.now();
    const wasStored = this.#ledger.isStored;
    const found = await this.#store.get(sid).catch(() => never);
    if (found === never) return;
    const data = found as Data | undefined;
    this.#ledger.note(`${this.#name} gets: ${data ? "found" : "nothing"}`);
    this.#ledger.checkLook({ id: sid, begunAt, wasStored, view: data && shownIn(data) });
    if (data === undefined) return;
    const request = { sessionStore: this.#store, sessionID: sid } as never; // what express-session needs of it
    this.#data = forRequest ? (this.#store.createSession(request, data) as unknown as Data) : data;
    this.#base = copyOf(shownIn(data));
  }

  /** Only what looks different from before is a change. */
  async #save(data: Data) {
    const now = copyOf(shownIn(data));
    const base = this.#base ?? nothing;
    for (const [key, change] of this.#latest) {
      const { name } = change;
      if (change.kind === "add" ? now.messages.includes(key) : now.attributes.get(name) !== base.attributes.get(name))
        this.#open.push(change);
    }
    const taken = base.messages.filter((message) => !now.messages.includes(message));
    if (taken.length > 0) this.#open.push(this.#ledger.add("take", "message", data, taken));
    this.#latest.clear();
    this.#base = now;
    return this.#attempt("store", () => this.#store.set(sid, data));
  }

  async #attempt(what: string, run: () => Promise<void>): Promise<string | undefined> {
    const changes = [...this.#open];
    const result = await this.#ledger.attempt(`${this.#name} ${what}`, sid, changes, run);
    if ("value" in result) this.#open = this.#open.filter((change) => !changes.includes(change));
    return result.outcome;
  }

  async #update(): Promise<void> {
    if (!this.#ledger.isStored) return;
    const change = this.#ledger.add("append", "list", {});
    const { value } = await this.#ledger.attempt(`${this.#name} update`, sid, [change], () =>
      this.#store.sessions.update(sid, (draft) => {
        draft.set("list", [...listOf(draft.get("list")), change.tag]);
        return listOf(draft.get("list")).length;
      }),
    );
    if (value !== undefined) change.place = value;
  }

  /** `express-session` stores at the end of a request whatever has become of the session. */
  async #destroy(step: string): Promise<void> {
    const run = () => this.#store.destroy(sid).then(() => undefined);
    await this.#ledger.attemptEnd(`${this.#name} destroy`, sid, 0, run);
    if (step === "destroy and store" && this.#data) await this.#save(this.#data);
  }
}

const nothing: SessionView = { attributes: new Map(), list: [], messages: [] };

function copyOf({ attributes, list, messages }: SessionView): SessionView {
  return { attributes: new Map(attributes), list: [...list], messages: [...messages] };
}

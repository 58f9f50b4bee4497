import {
  createSessionManager,
  expressFormat,
  isSessionError,
  type NetworkedSessionHandler,
  type Session,
  type SessionDraft,
  type SessionManager,
  type Version,
  withConnectionCheck,
} from "sessionwire";
import { type Call, createGuardedHandler, type NetworkedSessionBackend } from "sessionwire/backend";
import { createUpstashHandler } from "sessionwire/upstash";
import type { StoreAnswer, StoreQuestion } from "./workerd-store.ts";

/** Where the stores are, put in by the bundler. */
declare const STORE_URL: string;
declare const UPSTASH: { readonly url: string; readonly token: string };

interface Visits {
  n: number;
  marks: string[];
}

/** All of them are made outside of a request, once for all requests. */
const everyCall = { everySeconds: 0, pingTimeoutMs: 500, reconnectTimeoutMs: 1000 };
const sessions: { readonly [name: string]: SessionManager<Visits> } = {
  native: createSessionManager<Visits>({ handler: storeOfTheTest() }),
  express: createSessionManager<Visits>({ handler: storeOfTheTest(), format: expressFormat() }),
  checked: createSessionManager<Visits>({ handler: withConnectionCheck(storeOfTheTest(), everyCall) }),
  hasty: createSessionManager<Visits>({ handler: storeOfTheTest(500) }),
  upstash: createSessionManager<Visits>({ handler: createUpstashHandler(UPSTASH) }),
  "checked upstash": createSessionManager<Visits>({
    handler: withConnectionCheck(createUpstashHandler(UPSTASH), everyCall),
  }),
};
/** For what comes before and after: they know nothing of what is under way. */
const others: { readonly [name: string]: SessionManager<Visits> } = {
  native: createSessionManager<Visits>({ handler: storeOfTheTest() }),
  express: createSessionManager<Visits>({ handler: storeOfTheTest(), format: expressFormat() }),
  checked: createSessionManager<Visits>({ handler: storeOfTheTest() }),
  hasty: createSessionManager<Visits>({ handler: storeOfTheTest() }),
  upstash: createSessionManager<Visits>({ handler: createUpstashHandler(UPSTASH) }),
  "checked upstash": createSessionManager<Visits>({ handler: createUpstashHandler(UPSTASH) }),
};
const opened = new Map<string, Session<Visits>>();
let come = 0;
/** What applications do by hand, and may not. */
let shared: Promise<unknown> | undefined;

function storeOfTheTest(timeoutMs = 5000): NetworkedSessionHandler {
  const backend: NetworkedSessionBackend = {
    async read(key, _ttlSeconds, call) {
      return stored(await ask(call, { method: "read", key }));
    },
    async write(key, data, { replaces }, call) {
      const answer = await ask(call, { method: "write", key, data: new TextDecoder().decode(data), replaces });
      const current = stored(answer);
      if (answer.done && current) return { written: true, version: current.version };
      return { written: false, current };
    },
    async touch(key, _ttlSeconds, call) {
      return (await ask(call, { method: "touch", key })).done;
    },
    async destroy(key, replaces, call) {
      const answer = await ask(call, { method: "destroy", key, replaces });
      return answer.done ? { destroyed: true } : { destroyed: false, current: stored(answer) };
    },
    async ping(_connection, call) {
      await ask(call, { method: "ping" });
    },
    async reconnect(_connection, call) {
      await ask(call, { method: "reconnect" });
    },
    close() {},
  };
  return createGuardedHandler(backend, { name: "The store of the test", timeoutMs });
}

function stored({ current }: StoreAnswer): { data: Uint8Array; version: Version } | undefined {
  return current && { data: new TextEncoder().encode(current.data), version: current.version as Version };
}

async function ask(call: Call, question: StoreQuestion): Promise<StoreAnswer> {
  return call.send(async () => {
    const response = await fetch(STORE_URL, { method: "POST", body: JSON.stringify(question), signal: call.signal });
    if (!response.ok) throw new Error(`The store says ${response.status}.`);
    return (await response.json()) as StoreAnswer;
  });
}

function visit(draft: SessionDraft<Visits>, mark: string): void {
  draft.update("n", (n = 0) => n + 1);
  draft.update("marks", (marks = []) => [...marks, mark]);
}

async function act(name: string, what: string, id: string, mark: string): Promise<unknown> {
  const manager = sessions[name] as SessionManager<Visits>;
  const other = others[name] as SessionManager<Visits>;
  if (what === "create") {
    const session = await other.create(id === "" ? {} : { id });
    session.set("n", 0);
    session.set("marks", []);
    await session.save();
    return session.id;
  }
  if (what === "update") return manager.update(id, (draft) => visit(draft, mark));
  if (what === "destroy") return manager.destroy(id);
  if (what === "save") {
    // One object for all requests.
    const session = opened.get(id) ?? (await manager.open(id));
    if (!session) return "none";
    opened.set(id, session);
    visit(session, mark);
    return session.save();
  }
  if (what === "open") return (await manager.open(id)) ? "there" : "none";
  const session = await other.open(id, { keepAlive: false });
  return session && { n: session.get("n"), marks: session.get("marks") };
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { searchParams: asked } = new URL(request.url);
    if (asked.has("come")) return Response.json(come);
    come += 1;
    const [manager = "", what = "", id = "", mark = ""] = ["manager", "do", "id", "mark"].map(
      (name) => asked.get(name) ?? "",
    );
    if (what === "share") {
      shared ??= fetch(STORE_URL, { method: "POST", body: JSON.stringify({ method: "read" }) }).then((r) => r.json());
      return Response.json(await shared);
    }
    try {
      const result = await act(manager, what, id, mark);
      return Response.json(result ?? "none");
    } catch (error) {
      if (isSessionError(error)) return Response.json(error, { status: 500 });
      return Response.json({ code: "unexpected", message: String(error) }, { status: 500 });
    }
  },
};

import session, { type SessionOptions, type Store } from "express-session";
import { createExpressStore } from "sessionwire/express";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { called, type ExpressVisit, startExpressSite } from "./express-site.ts";
import { changing, changingCookie, type Page } from "./site.ts";
import { openKinds } from "./stores.ts";

expectNoEscapes();

const { kinds } = await openKinds();
const each = [false, true];
const combinations = each.flatMap((resave) =>
  each.flatMap((rolling) => each.map((saveUninitialized) => ({ resave, rolling, saveUninitialized }))),
);

/** What an application does with a session, one request after the other. */
const script: readonly (readonly [name: string, page: Page<ExpressVisit>])[] = [
  ["reads a session that is empty", read],
  ["saves one that is empty", (visit) => visit.save()],
  ["counts", count],
  ["counts", count],
  ["reads", read],
  ["saves what is unchanged", (visit) => visit.save()],
  ["sets to what it is", ({ session }) => void Object.assign(session, { n: session.n })],
  [
    "sets several",
    changing({ user: { name: "Ann", roles: ["a"] }, date: new Date(0), nothing: null, none: undefined }),
  ],
  ["changes in place", ({ session }) => void (session.user as { roles: string[] }).roles.push("b")],
  ["changes while it is under way, and again", saveBetween],
  ["deletes", ({ session }) => void delete session.date],
  ["drops a change by a reload", reload],
  ["changes back", changeAndBack],
  ["changes the maximal age", changingCookie({ maxAge: 5_000_000 })],
  ["reads", read],
  ["changes a flag of the cookie", changingCookie({ httpOnly: false })],
  ["makes the cookie one without an end", changingCookie({ expires: null })],
  ["counts", count],
  ["moves to a new id", regenerate],
  ["reads", read],
  ["moves to a new id and saves at once", regenerateAndSave],
  ["counts", count],
  ["lets go of the session", ({ request }) => void Object.assign(request, { session: null })],
  ["reads", read],
  ["signs out", (visit) => visit.destroy()],
  ["reads", read],
  ["counts", count],
  ["signs out and reads", destroyAndRead],
  ["counts", count],
  ["ends it by its maximal age", changingCookie({ maxAge: -1 })],
  ["reads", read],
  ["counts", count],
];

describe.each([{ maxAge: undefined }, { maxAge: 600_000 }])("with the cookie %o,", (cookie) => {
  test.each(combinations)("MemoryStore of express-session behaves as recorded here: %o", async (options) => {
    const seen = await play(new session.MemoryStore(), { ...options, cookie });
    const counts = seen.filter(({ step }) => step === "counts").map(({ body }) => body);
    expect(counts).toEqual([1, 2, 3, 1, 1, 1, 1]);
  });

  describe.each(kinds)("on %s", (_, openHandler) => {
    test.each(combinations)("an application behaves as on the MemoryStore of express-session: %o", async (options) => {
      const expected = await play(new session.MemoryStore(), { ...options, cookie });
      const seen = await play(createExpressStore(openHandler()), { ...options, cookie });
      expect(seen).toEqual(expected);
    });

    test.each(combinations)("it also does so when it ends sessions and lets go of them: %o", async (options) => {
      const expected = await play(new session.MemoryStore(), { ...options, cookie, unset: "destroy" });
      const seen = await play(createExpressStore(openHandler()), { ...options, cookie, unset: "destroy" });
      expect(seen).toEqual(expected);
    });
  });
});

/** Runs the script, and notes after each step what a browser and the store have of it. */
async function play(store: Store, options: Partial<SessionOptions>) {
  await using site = await startExpressSite(store, options);
  const browser = site.open();
  const seen = [];
  for (const [step, page] of script) {
    const { id: previousId } = browser;
    const { status, body, setsCookie } = await browser.visit(page);
    const stored = await dataIn(store, browser.id);
    const left = browser.id === previousId ? "same id" : await dataIn(store, previousId);
    seen.push({ step, status, body, setsCookie, stored, left, errors: site.errors.map(String) });
  }
  return seen;
}

async function dataIn(store: Store, id: string): Promise<unknown> {
  const found = await called<object | null | undefined>((done) => store.get(id, done));
  if (!found) return undefined;
  const { cookie, ...attributes } = JSON.parse(JSON.stringify(found));
  return { attributes, cookie: withoutDrift(cookie) };
}

/** Which is what the clock does between one request and the next. */
function withoutDrift({ expires, originalMaxAge, ...flags }: Record<string, unknown>): object {
  const age = typeof originalMaxAge === "number" ? Math.round(originalMaxAge / 10_000) : originalMaxAge;
  return { ...flags, hasEnd: typeof expires === "string", age };
}

function read({ session }: ExpressVisit): unknown {
  const { cookie: _, ...attributes } = session;
  return attributes;
}

function count({ session }: ExpressVisit): unknown {
  session.n = Number(session.n ?? 0) + 1;
  return session.n;
}

async function saveBetween(visit: ExpressVisit): Promise<unknown> {
  visit.session.first = 1;
  await visit.save();
  visit.session.second = 1;
  return read(visit);
}

async function reload(visit: ExpressVisit): Promise<unknown> {
  visit.session.dropped = 1;
  await visit.reload();
  visit.session.afterReload = 1;
  return read(visit);
}

function changeAndBack({ session }: ExpressVisit): void {
  session.passing = 1;
  delete session.passing;
}

async function regenerate(visit: ExpressVisit): Promise<unknown> {
  const { id } = visit;
  await visit.regenerate();
  visit.session.fresh = 1;
  return [id === visit.id, read(visit)];
}

async function regenerateAndSave(visit: ExpressVisit): Promise<unknown> {
  await visit.regenerate();
  visit.session.fresh = 2;
  await visit.save();
  return read(visit);
}

async function destroyAndRead(visit: ExpressVisit): Promise<unknown> {
  await visit.destroy();
  return visit.session ?? "none";
}

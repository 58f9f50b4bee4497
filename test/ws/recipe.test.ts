import { once } from "node:events";
import session from "express-session";
import { expect, test } from "vitest";
import { called } from "../express/express-site.ts";
import { attributesOf, type Recipe, saved, startRecipe } from "./recipe.ts";

// What goes wrong when a socket keeps the session of its handshake, as most recipes have it. What `attachSessions` makes of the same
// is in sockets/experiments.test.ts, under the same names.

async function open(maxAge?: number): Promise<Recipe & { store: session.MemoryStore }> {
  const store = new session.MemoryStore();
  return Object.assign(await startRecipe(store, maxAge), { store });
}

test("E1: a socket does not see values set over HTTP since", async () => {
  await using recipe = await open();
  const cookie = await recipe.signIn();
  const { request } = await recipe.connect(cookie);
  await recipe.visit(cookie, (visit) => void Object.assign(visit.session, { role: "admin" }));
  expect(attributesOf(request).role).toBeUndefined();
});

test("E2: HTTP does not see values set by a socket", async () => {
  await using recipe = await open();
  const cookie = await recipe.signIn();
  const { request } = await recipe.connect(cookie);
  attributesOf(request).n = 7;
  expect(await recipe.visit(cookie)).toEqual({ user: "Ann" });
});

test("E3: a save of a socket wipes values set over HTTP", async () => {
  await using recipe = await open();
  const cookie = await recipe.signIn();
  const { request } = await recipe.connect(cookie);
  await recipe.visit(cookie, (visit) => void Object.assign(visit.session, { role: "admin" }));
  attributesOf(request).n = 7;
  await saved(request);
  expect(await recipe.visit(cookie)).toEqual({ user: "Ann", n: 7 });
});

test("E4 and E5: a socket outlives the sign-out, and revives the session by saving it", async () => {
  await using recipe = await open();
  const cookie = await recipe.signIn();
  const { client, request } = await recipe.connect(cookie);
  await recipe.visit(cookie, (visit) => called((done) => visit.session.destroy(done)));
  expect(await recipe.visit(cookie)).toEqual({});
  expect(client.isOpen).toBe(true);
  await saved(request);
  expect(await recipe.visit(cookie)).toEqual({ user: "Ann" });
});

test("E6 and E7: an id that was given up is valid again when a socket saves", async () => {
  await using recipe = await open();
  const cookie = await recipe.signIn();
  const { request } = await recipe.connect(cookie);
  await recipe.visit(cookie, (visit) => called((done) => visit.session.regenerate(done)));
  await expect(called((done) => request.session.reload(done))).rejects.toThrow("failed to load session");
  expect(await recipe.visit(cookie)).toEqual({});
  await saved(request);
  expect(await recipe.visit(cookie)).toEqual({ user: "Ann" });
});

test("E8 and E9: a session expires although its socket is busy, and the socket stays open", async () => {
  await using recipe = await open(500);
  const cookie = await recipe.signIn();
  const { client } = await recipe.connect(cookie);
  const chatter = setInterval(() => client.send("x"), 50);
  await expect.poll(() => recipe.visit(cookie), { timeout: 5000, interval: 600 }).toEqual({});
  clearInterval(chatter);
  expect(client.isOpen).toBe(true);
});

test("E10: a page of another origin is let in", async () => {
  await using recipe = await open();
  const { client } = await recipe.connect(await recipe.signIn(), "https://evil.example");
  expect(client.isOpen).toBe(true);
});

test("E12: an error of the store is thrown uncaught", async () => {
  await using recipe = await open();
  const cookie = await recipe.signIn();
  recipe.store.get = (_id, callback) => callback(new Error("The store is away."));
  recipe.connect(cookie).catch(() => {}); // it is never answered
  await expect.poll(() => recipe.errors.map(String)).toEqual([expect.stringContaining("undefined")]);
});

test("C: messages that arrive before there is a listener are lost", async () => {
  await using recipe = await open();
  const { client, socket } = await recipe.connect(await recipe.signIn());
  for (const text of ["1", "2", "3"]) client.send(text);
  client.socket.ping();
  await once(client.socket, "pong"); // the server has seen what came before
  const seen: string[] = [];
  socket.on("message", (data) => seen.push(String(data)));
  client.send("4");
  await expect.poll(() => seen).toEqual(["4"]);
});

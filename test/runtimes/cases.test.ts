import * as core from "sessionwire";
import { createSessionHooks } from "sessionwire/crossws";
import { createMemoryHandler } from "sessionwire/memory";
import { attachSessions } from "sessionwire/ws";
import { describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { isRefuted } from "../laws/within.ts";
import { brokenCookies, brokenSockets } from "./broken-versions.ts";
import type { Case } from "./case.ts";
import { type CookieSubject, cookieCases } from "./cookies.ts";
import { crosswsCases, type SocketSubject, socketCases } from "./sockets.ts";

const cookies: CookieSubject = { ...core, createMemoryHandler };
const sockets: SocketSubject = { ...core, createMemoryHandler, attachSessions, WebSocketServer };

test.each([...cookieCases(cookies), ...socketCases(sockets)])("$name", ({ run }) => run());

describe("through crossws", () => {
  test.each(crosswsCases({ ...sockets, createSessionHooks }))("$name", ({ run }) => run());
});

describe("a broken version is caught", () => {
  ignoreUnhandledRejections();

  test.each(brokenCookies)("$bug", async ({ breaks, parts }) => {
    expect(await isRefuted(caseOf(cookieCases({ ...cookies, ...parts }), breaks).run)).toBe(true);
  });

  test.each(brokenSockets)("$bug", async ({ breaks, parts }) => {
    expect(await isRefuted(caseOf(socketCases({ ...sockets, ...parts }), breaks).run)).toBe(true);
  });

  test("by every case", () => {
    const caught = [...brokenCookies, ...brokenSockets].map(({ breaks }) => breaks);
    const names = [...cookieCases(cookies), ...socketCases(sockets)].map(({ name }) => name);
    expect(names.filter((name) => !caught.some((beginning) => name.startsWith(beginning)))).toEqual([]);
  });
});

function caseOf(cases: readonly Case[], beginning: string): Case {
  const found = cases.find(({ name }) => name.startsWith(beginning));
  if (found === undefined) throw new Error(`There is no case that begins so: ${beginning}`);
  return found;
}

import { createMemcachedHandler } from "sessionwire/memcached";
import { test } from "vitest";
import { expectOneWinner } from "../session/ticket-race.ts";
import { openScene } from "./scene.ts";

const { server, handler } = await openScene();

test("of several concurrent callers that redeem a ticket, one gets the session (law 127)", async () => {
  await using other = createMemcachedHandler(server.address);
  await expectOneWinner([handler, other]);
}, 60_000);

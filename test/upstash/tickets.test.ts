import { createUpstashHandler } from "sessionwire/upstash";
import { test } from "vitest";
import { expectOneWinner } from "../session/ticket-race.ts";
import { openScene } from "./scene.ts";

const { source, handler } = await openScene();

test("of several concurrent callers that redeem a ticket, one gets the session (law 127)", async () => {
  await using other = createUpstashHandler(source);
  await expectOneWinner([handler, other]);
}, 60_000);

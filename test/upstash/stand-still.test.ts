// @module-tag real-time

import { expect, test } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { runTogether } from "../processes/processes.ts";
import { create } from "../redis/session-data.ts";
import { openScene } from "./scene.ts";

const { server, source, handler } = await openScene();

test("a process that stands still for 2.1 s treats arrived answers as late with fetch; the handler has them all (law 38)", async () => {
  const { id } = await create(handler);
  const script = new URL("./stand-still.child.ts", import.meta.url);
  await using proxy = await startProxy(server);
  proxy.delayMs = 500; // no answer arrives before the process stands still
  const store = { ...source, url: `http://127.0.0.1:${proxy.port}`, id };
  const [report] = await runTogether<string[][]>(script, ["one"], { STORE: JSON.stringify(store) });
  const [bare, ours] = report ?? [];
  expect(new Set(bare)).toEqual(new Set(["TimeoutError"]));
  expect(ours).toEqual(Array.from({ length: 20 }, () => "answered"));
});

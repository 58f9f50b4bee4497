import { createMemoryHandler } from "sessionwire/memory";
import { describe, expect, test } from "vitest";
import { crosswsBinding } from "./crossws-stage.ts";
import { socketIoBinding } from "./socket-io-stage.ts";
import { wsBinding } from "./ws-stage.ts";

// The limits of clients, on every binding. How they count is in ws/messages.test.ts and ws/places.test.ts.

const bindings = [wsBinding, crosswsBinding, socketIoBinding("websocket"), socketIoBinding("polling")];

describe.each(bindings)("on $name", ({ open }) => {
  test("a client that sends too many messages is closed with 4429, which is reported", async () => {
    await using stage = await open(createMemoryHandler(), { sockets: { maxMessagesPerMinute: 5 } });
    const { client, heard } = await stage.connect(await stage.signIn());
    for (const text of ["1", "2", "3", "4", "5"]) client.send(text);
    await expect.poll(() => heard).toHaveLength(5);
    client.send("6");
    expect((await client.closed).code).toBe(4429);
    expect(heard).toHaveLength(5);
    await expect
      .poll(() => stage.events)
      .toContainEqual(expect.objectContaining({ type: "closed", code: 4429, session: expect.any(String) }));
  });
});

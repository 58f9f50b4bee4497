import { SessionError, type SessionHandler } from "sessionwire";
import { describe, expect, test } from "vitest";
import { createFixture, type Fixture, given, increment, stored } from "./fixture.ts";
import { subject } from "./subject.ts";

// Managers take turns on a session that several change at once. A ticket beside it, a record, says who stands in line.

describe.each(["native", "express"] as const)("in the %s format", (formatName) => {
  test("there is no ticket while nobody is faster, or only once", async () => {
    const { fixture, id } = await start();
    for (let n = 0; n < 20; n += 1) await count(fixture, id);
    othersAreFaster(fixture, id, 1);
    await count(fixture, id);
    expect(ticketCalls(fixture)).toEqual([]);
    expect(await stored(fixture, id)).toEqual({ count: 21, others: 1 });
  });

  test("two conflicts in a row lead to a ticket, which is gone a moment later and says nothing of the session", async () => {
    const { fixture, id } = await start();
    othersAreFaster(fixture, id, 2);
    await count(fixture, id);
    const ticket = await ticketOf(fixture, id);
    expect(ticket).toMatch(/^\{"turns":\["[\w-]{8}"\]\}$/); // for connect-redis, which parses all that is there
    await fixture.clock.advance(10);
    expect(await ticketOf(fixture, id)).toBeUndefined();
    expect(ticketCalls(fixture)).toEqual(["read", "write", "destroy"]);
    expect(await stored(fixture, id)).toEqual({ count: 1, others: 2 });
  });

  test("who has the turn makes one write after the other, and passes it on to those who wait", async () => {
    const { fixture, id } = await start();
    othersAreFaster(fixture, id, 2);
    await count(fixture, id);
    fixture.handler.calls.length = 0;
    await count(fixture, id);
    expect(ticketCalls(fixture)).toEqual([]);
    await waitInLine(fixture, id, ["another_"]);
    await busyFor(fixture, id, 30);
    expect((await lineOf(fixture, id))?.[0]).toBe("another_");
  });

  test("whoever stands before it and does not move is overtaken within 100 ms", async () => {
    const { fixture, id } = await start();
    await waitInLine(fixture, id, ["has_died"]);
    othersAreFaster(fixture, id, 2);
    let isDone = false;
    const counting = count(fixture, id).then(() => {
      isDone = true;
    });
    await fixture.clock.advance(70);
    expect(isDone).toBe(false);
    await fixture.clock.advance(30);
    expect(isDone).toBe(true);
    await counting;
    expect(await ticketOf(fixture, id)).toBeUndefined();
  });

  test("who overtakes leaves the others in their places, and overtakes no more than it must", async () => {
    const { fixture, id } = await start();
    await waitInLine(fixture, id, ["has_died", "is_alive"]);
    othersAreFaster(fixture, id, 2);
    const counting = count(fixture, id);
    await fixture.clock.advance(85);
    expect(await lineOf(fixture, id)).toEqual(["has_died", "is_alive", expect.anything()]);
    await fixture.clock.advance(10);
    await counting;
    expect((await lineOf(fixture, id))?.slice(-1)).toEqual(["is_alive"]);
    expect(await lineOf(fixture, id)).not.toContain("has_died");
  });

  test("who waits tries its luck after a second", async () => {
    const { fixture, id } = await start();
    await waitInLine(fixture, id, ["is_busy_"]);
    othersAreFaster(fixture, id, 2);
    let isDone = false;
    const counting = count(fixture, id).then(() => {
      isDone = true;
    });
    for (let ms = 0; ms < 1000; ms += 20) {
      expect(isDone).toBe(false);
      await fixture.clock.advance(20);
      await addToLine(fixture, id, ms);
    }
    await fixture.clock.advance(20);
    await counting;
    expect(isDone).toBe(true);
  });

  test("a manager that is closed leaves the line first", async () => {
    const { fixture, id } = await start();
    othersAreFaster(fixture, id, 2);
    await count(fixture, id);
    expect(await ticketOf(fixture, id)).toBeDefined();
    await fixture.sessions.close();
    expect(await ticketOf(fixture, id)).toBeUndefined();
  });

  test("where a session could stand there is no ticket, and no id leads to one", async () => {
    const { fixture } = await start();
    const format = subject.expressFormat({ prefix: "" });
    const [one, other] = [fixture.process({ handler: fixture.handler, format }), fixture.process({ format })] as const;
    const session = await one.create({ id: "abc" });
    session.set("count", 0);
    await session.save();
    fixture.handler.next(
      "write",
      async (apply) => {
        await other.update("abc", (draft) => draft.update("others", increment));
        return apply();
      },
      4,
    );
    await one.update("abc", (draft) => draft.update("count", increment));
    expect(ticketCalls(fixture)).toEqual([]);
    expect(await other.open("turn:abc")).toBeUndefined();
  });

  test.each([
    ["is a refusal", () => Promise.reject(new SessionError("unauthorized", "No rights.", { outcome: "not-applied" }))],
    [
      "is an error on the spot",
      () => {
        throw new TypeError("No such key.");
      },
    ],
    ["never comes", () => new Promise<never>(() => {})],
  ])("a store whose answer to tickets %s takes the changes all the same", async (_, answer) => {
    const { fixture, id } = await start();
    let tickets = 0;
    const others = othersAreFasterOn(fixture, id, 7);
    const handler: SessionHandler = {
      ...fixture.store,
      read(key, options) {
        if (!isTicket(key)) return fixture.store.read(key, options);
        tickets += 1;
        return answer();
      },
      async write(key, data, options) {
        await others();
        return fixture.store.write(key, data, options);
      },
    };
    const process = fixture.process({ handler });
    const counting = process.update(id, (draft) => draft.update("count", increment));
    await fixture.clock.advance(1000);
    await counting;
    expect(await stored(fixture, id)).toEqual({ count: 1, others: 7 });
    expect(tickets).toBe(1);
  });

  test("something else in the place of the ticket is left alone", async () => {
    const { fixture, id } = await start();
    await putTicket(fixture, id, "no ticket at all");
    othersAreFaster(fixture, id, 2);
    await count(fixture, id);
    await fixture.clock.advance(10);
    expect(await ticketOf(fixture, id)).toBe("no ticket at all");
  });

  test("a line that is full is not joined", async () => {
    const { fixture, id } = await start();
    const names = Array.from({ length: 64 }, (_, index) => `name_${100 + index}`);
    await waitInLine(fixture, id, names);
    othersAreFaster(fixture, id, 2);
    await count(fixture, id);
    expect(await lineOf(fixture, id)).toEqual(names);
  });

  async function start(): Promise<{ fixture: Fixture; id: string }> {
    const fixture = createFixture(subject, formatName);
    const id = await given(fixture, { count: 0 });
    fixture.handler.calls.length = 0;
    return { fixture, id };
  }
});

async function count({ sessions }: Fixture, id: string): Promise<void> {
  await sessions.update(id, (draft) => draft.update("count", increment));
}

/** Before each of the next writes, another process changes the session. */
function othersAreFaster(fixture: Fixture, id: string, times: number): void {
  const others = othersAreFasterOn(fixture, id, times);
  fixture.handler.next(
    "write",
    async (apply) => {
      await others();
      return apply();
    },
    times,
  );
}

function othersAreFasterOn(fixture: Fixture, id: string, times: number): () => Promise<void> {
  const others = fixture.process();
  let left = times;
  return async () => {
    if (left === 0) return;
    left -= 1;
    await others.update(id, (draft) => draft.update("others", increment));
  };
}

/** Makes one change after the other for so long. */
async function busyFor(fixture: Fixture, id: string, ms: number): Promise<void> {
  for (let elapsed = 0; elapsed < ms; elapsed += 1) {
    void count(fixture, id);
    await fixture.clock.advance(1);
  }
}

async function waitInLine(fixture: Fixture, id: string, names: readonly string[]): Promise<void> {
  await putTicket(fixture, id, JSON.stringify({ turns: [...((await lineOf(fixture, id)) ?? []), ...names] }));
}

/** Others get on: the ticket changes, and the first one stays the first. */
async function addToLine(fixture: Fixture, id: string, number: number): Promise<void> {
  const line = (await lineOf(fixture, id)) ?? [];
  const [first, ...rest] = line.filter((name) => !name.startsWith("more"));
  await putTicket(fixture, id, JSON.stringify({ turns: [first, ...rest, `more${1000 + number}`] }));
}

async function lineOf(fixture: Fixture, id: string): Promise<readonly string[] | undefined> {
  const ticket = await ticketOf(fixture, id);
  return ticket && JSON.parse(ticket).turns;
}

async function putTicket({ store, format }: Fixture, id: string, text: string): Promise<void> {
  const key = `turn:${await format.keyOf(id)}`;
  const replaces = (await store.read(key))?.version;
  await store.write(key, new TextEncoder().encode(text), { replaces, ttlSeconds: 60 });
}

async function ticketOf({ store, format }: Fixture, id: string): Promise<string | undefined> {
  const ticket = await store.read(`turn:${await format.keyOf(id)}`);
  return ticket && new TextDecoder().decode(ticket.data);
}

function ticketCalls({ handler }: Fixture): string[] {
  return handler.calls.filter(({ key }) => isTicket(key)).map(({ method }) => method);
}

function isTicket(key: string): boolean {
  return key.startsWith("turn:");
}

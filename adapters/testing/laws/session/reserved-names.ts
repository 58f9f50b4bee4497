import assert from "node:assert/strict";
import type { SessionFormat } from "sessionwire/backend";
import { storesFlashes } from "../../format-traits.ts";
import { given, opened, stored } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** Every name is plain data. */
export const reservedNameLaws: readonly SessionLaw[] = [
  inEveryFormat(99, "names of Object.prototype and the empty name are plain data", async (fixture) => {
    const hasFlashes = storesFlashes(fixture.format);
    const integers = takes(fixture.format, "0") ? ["0"] : [];
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "", "\u0000", ...integers];
    const session = await opened(fixture.sessions, await given(fixture, { saved: 1 }));
    for (const name of names) {
      assert.equal(session.get(name), undefined);
      assert.equal(session.has(name), false);
      assert.deepEqual(session.flash.peek(name), []);
    }
    for (const name of names) {
      session.set(name, JSON.parse(`{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`));
      if (hasFlashes) session.flash.add(name, JSON.parse(`{"__proto__":{"polluted":1}}`));
    }
    await session.save();
    const again = await opened(fixture.others, session.id);
    assert.deepEqual(
      again
        .names()
        .filter((name) => name !== "saved")
        .sort(),
      [...names].sort(),
    );
    assert.deepEqual(again.flash.types().sort(), hasFlashes ? [...names].sort() : []);
    for (const name of names) {
      for (const value of [again.get(name), again.copy(name), ...again.flash.peek(name)]) {
        assert.deepEqual(Object.getOwnPropertyDescriptor(value, "__proto__")?.value, { polluted: 1 });
        assert.equal(Object.getPrototypeOf(value), Object.prototype);
      }
      again.delete(name);
      again.flash.take(name);
    }
    await again.save();
    assert.deepEqual(await stored(fixture, session.id), { saved: 1 });
    assertUnpolluted();
  }),
  inEveryFormat(99, "a name that a record may use itself reads back as it was set, or is refused", async (fixture) => {
    const session = await fixture.sessions.create();
    const values = {
      v: 2,
      tokens: "none",
      forward: { key: "x", until: 1 },
      createdAt: "never",
      cookie: { a: 1 },
      data: 1,
    };
    for (const [name, value] of Object.entries(values)) {
      try {
        session.set(name, value);
      } catch (error) {
        assert.ok(error instanceof TypeError);
      }
    }
    const taken = session.names();
    await session.save();
    const expected = Object.entries(values).filter(([name]) => taken.includes(name));
    assert.deepEqual(await stored(fixture, session.id), Object.fromEntries(expected));
  }),
];

/** Checks if an attribute may have this name. */
function takes(format: SessionFormat, name: string): boolean {
  try {
    format.checkAttribute(name, 1);
    return true;
  } catch {
    return false;
  }
}

function assertUnpolluted(): void {
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal((Object as { polluted?: unknown }).polluted, undefined);
}

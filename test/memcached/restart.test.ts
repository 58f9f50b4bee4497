import memjs from "memjs";
import { withConnectionCheck } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { describe, expect, test } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { addressOf, openScene } from "./scene.ts";

expectNoEscapes();

const ttlSeconds = 60;
const { server, handler: direct } = await openScene();

describe("a restarted server", () => {
  test("issues the same tokens again, so a bare write replaces a session that was never read; here it is refused (law 23)", async () => {
    await using own = await startMemcached();
    await using checked = withConnectionCheck(createMemcachedHandler(own.address));
    using bare = openBareMemjs(own.address);
    const { id, version } = await create(checked, "before the restart");
    const token = await tokenOf(bare, id);
    await own.restart();
    await create(checked, "somebody else, under another key");
    await own.restart();
    const created = await checked.write(id, bytes("after the restart"), { replaces: undefined, ttlSeconds });
    expect(created).toMatchObject({ written: true });
    expect(await tokenOf(bare, id)).toEqual(token);

    const current = await checked.read(id);
    expect(textOf(current)).toBe("after the restart");
    expect(current?.version).not.toBe(version);
    const refused = await checked.write(id, bytes("late"), { replaces: version, ttlSeconds });
    expect(refused).toEqual({ written: false, current });
    expect(await checked.destroy(id, { replaces: version })).toEqual({ destroyed: false, current });
    expect(await checked.read(id)).toEqual(current);
    expect(await setByToken(bare, id, "late", token)).toBe(0);
    expect(textOf(await checked.read(id))).toBe("late");
  });
});

describe("a version from before a reconnect", () => {
  test("is refused if something else is stored, and reports it (law 10)", async () => {
    await using handler = createMemcachedHandler(server.address);
    const { id, version } = await create(handler);
    await handler.reconnect();
    const read = await direct.read(id);
    await direct.write(id, bytes("other"), { replaces: read?.version, ttlSeconds });
    const current = await handler.read(id);
    expect(await handler.write(id, bytes("x"), { replaces: version, ttlSeconds })).toEqual({ written: false, current });
    expect(await handler.destroy(id, { replaces: version })).toEqual({ destroyed: false, current });
    expect(textOf(await direct.read(id))).toBe("other");
  });

  test("and a token that is none of ours are refused alike", async () => {
    const { id } = await create(direct);
    const current = await direct.read(id);
    for (const replaces of ["x", `${current?.version}0`, `:${current?.version}`] as never[]) {
      expect(await direct.write(id, bytes("x"), { replaces, ttlSeconds })).toEqual({ written: false, current });
      expect(await direct.destroy(id, { replaces })).toEqual({ destroyed: false, current });
    }
  });
});

test("a write that reaches another server behind the same address checks the stored data, not its token", async () => {
  await using first = await startMemcached();
  await using second = await startMemcached();
  const target = { port: first.port };
  await using proxy = await startProxy(target);
  await using handler = createMemcachedHandler(addressOf(proxy));
  const { id, version } = await create(handler);
  target.port = second.port;
  await using other = createMemcachedHandler(second.address);
  await other.write(id, bytes("on the other"), { replaces: undefined, ttlSeconds });
  proxy.resetAll();
  await handler.reconnect();
  expect(await handler.write(id, bytes("late"), { replaces: version, ttlSeconds })).toMatchObject({ written: false });
  expect(textOf(await other.read(id))).toBe("on the other");
});

type Bare = ReturnType<typeof openBareMemjs>;

/** The CAS token, which memjs does not give out by itself. */
function tokenOf(bare: Bare, key: string): Promise<Buffer> {
  const request = memjs.Utils.makeRequestBuffer(0x00, key, "", "", 1);
  return new Promise((resolve, reject) => {
    bare.perform(key, request, 1, (error, reply) => (error ? reject(error) : resolve(Buffer.from(reply.header.cas))));
  });
}

/** What the server says to a SET with a token. */
function setByToken(bare: Bare, key: string, value: string, token: Buffer): Promise<number> {
  const extras = Buffer.alloc(8);
  extras.writeUInt32BE(ttlSeconds, 4);
  const request = memjs.Utils.makeRequestBuffer(0x01, key, extras, value, 2);
  token.copy(request, 16);
  return new Promise((resolve, reject) => {
    bare.perform(key, request, 2, (error, reply) => (error ? reject(error) : resolve(reply.header.status)));
  });
}

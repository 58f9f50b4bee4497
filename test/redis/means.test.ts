import type { Version } from "sessionwire";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "./escapes.ts";
import { openAs, openByMeans } from "./means.ts";
import { openScene } from "./scene.ts";
import { bytes, create, textOf } from "./session-data.ts";

expectNoEscapes();

const { server } = await openScene();
const ttlSeconds = 60;

describe("a server that was taken for a newer one", () => {
  test("has not executed the unknown command, and gets scripts instead from then on", async () => {
    await using handler = openAs(server.url, "redis_version:99.0.0");
    const { id, version } = await create(handler);
    await server.command("config", "resetstat");
    const second = await handler.write(id, bytes("second"), { replaces: version, ttlSeconds });
    expect(second).toMatchObject({ written: true });
    const third = await handler.write(id, bytes("third"), { replaces: version, ttlSeconds });
    expect(third).toMatchObject({ written: false, current: { data: bytes("second") } });
    // A server that has these commands refuses none.
    expect(String(await server.command("info", "errorstats"))).not.toMatch(/ERR:count=(?!1\r)/);
  });

  test("destroys by a script if it lacks a command", async () => {
    for (const info of ["redis_version:99.0.0", "redis_version:7.2.4\r\nvalkey_version:99.0.0", "", "PONG"]) {
      await using handler = openAs(server.url, info);
      const [first, other] = [await create(handler), await create(handler, "other")];
      const refused = await handler.destroy(first.id, { replaces: other.version });
      expect(refused).toMatchObject({ destroyed: false, current: { version: first.version } });
      expect(await handler.destroy(first.id, { replaces: first.version })).toEqual({ destroyed: true });
      expect(await handler.read(first.id)).toBeUndefined();
    }
  });
});

test("a server older than Redis 7 creates by a script, and returns the stored session (law 20)", async () => {
  await using handler = openAs(server.url, "redis_version:6.2.0");
  await server.command("config", "resetstat");
  const { id, version } = await create(handler);
  const refused = await handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds });
  expect(refused).toMatchObject({ written: false, current: { data: bytes("first"), version } });
  const stats = String(await server.command("info", "commandstats"));
  for (const name of ["eval", "evalsha"]) expect(stats).toContain(`cmdstat_${name}:calls=1,`);
});

test.each(["own commands", "scripts that compare bytes", "scripts that compare digests"] as const)(
  "by %s, versions and answers are the same",
  async (means) => {
    await using handlers = openByMeans(server.url, means);
    const { reader, writer } = handlers;
    for (const data of [
      bytes("text"),
      bytes("\ufeff\u0000\ud83d\ude00"),
      Uint8Array.of(0xff, 0xfe, 0xc3, 0x28),
      bytes("x".repeat(9000)),
    ]) {
      const { id, version } = await create(writer);
      expect((await reader.read(id))?.version).toBe(version);
      const replaced = await writer.write(id, data, { replaces: version, ttlSeconds });
      const read = await reader.read(id);
      expect(read).toMatchObject({ data, version: replaced.written && replaced.version });
      const late = await writer.write(id, bytes("late"), { replaces: version, ttlSeconds });
      expect(late).toMatchObject({ written: false, current: { data, version: read?.version } });
      expect(await writer.destroy(id, { replaces: version })).toMatchObject({ destroyed: false, current: { data } });
      expect(await writer.destroy(id, { replaces: read?.version })).toEqual({ destroyed: true });
      const gone = { written: false, current: undefined };
      expect(await writer.write(id, data, { replaces: read?.version, ttlSeconds })).toEqual(gone);
    }
  },
);

test("a version stands for the stored bytes, even if the caller changes the array (law 4)", async () => {
  await using handlers = openByMeans(server.url, "own commands");
  const { reader } = handlers;
  const { id, version } = await create(reader);
  const read = await reader.read(id);
  read?.data.fill(0);
  expect(read?.version).toBe(version);
  const data = bytes("second");
  const writing = reader.write(id, data, { replaces: version, ttlSeconds });
  data.fill(0);
  const written = await writing;
  expect(written.written && written.version).toBe((await reader.read(id))?.version);
  expect(textOf(await reader.read(id))).toBe("second");
});

test("the bytes behind versions take no more than 8 MiB, and the most recently used ones stay", async () => {
  const compared: unknown[] = [];
  await using handler = openAs(server.url, "redis_version:7.0.0", (client) => {
    const { callBuffer } = client;
    Object.assign(client, {
      callBuffer(...args: Parameters<typeof callBuffer>) {
        if (String(args[0]).startsWith("eval")) compared.push(args[4]);
        return callBuffer.apply(client, args);
      },
    });
  });
  const [used, unused] = [await create(handler, "used"), await create(handler, "unused")];
  const refuse = ({ version }: { version: Version }) =>
    handler.write("absent", bytes("x"), { replaces: version, ttlSeconds });
  for (let index = 0; index < 9; index += 1) {
    await create(handler, `${index}`.padEnd(1_000_000)); // looks at the version
    await refuse(used);
  }
  await refuse(unused);
  expect(compared).toEqual([...Array.from({ length: 9 }, () => "used"), unused.version]);
});

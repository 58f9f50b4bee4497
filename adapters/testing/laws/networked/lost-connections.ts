import assert from "node:assert/strict";
import { connect } from "node:net";
import { withConnectionCheck } from "sessionwire";
import type { FaultProxy } from "../../fault-proxy.ts";
import { bytes, rejects } from "../law.ts";
import { changeOf, changesOf, createSession, type NetworkedLaw, textAt, tryOut, ttlSeconds } from "./fixture.ts";
import { turn, until } from "./waiting.ts";

const ends: readonly (readonly [string, (proxy: FaultProxy) => void])[] = [
  ["reset", (proxy) => proxy.resetAll()],
  ["closed", (proxy) => proxy.finAll()],
];

/** A connection that ends makes its calls fail, and nothing that was sent is sent again. */
export const lostConnectionLaws: readonly NetworkedLaw[] = [
  ...ends.flatMap(([how, end]): NetworkedLaw[] => [
    {
      law: 46,
      says: `a connection that is ${how} while it is idle is replaced by the next call, without a ping (law 60)`,
      async check({ proxy, direct, open }) {
        const handler = open();
        const checked = withConnectionCheck(handler);
        const { id } = await createSession(direct);
        const replaces = (await checked.read(id))?.version;
        const witness = connect(proxy.port, "127.0.0.1")
          .on("error", () => {})
          .resume();
        await until(() => proxy.open === 2);
        const { accepted } = proxy;
        end(proxy);
        // Once a later connection has received its end, the handler's has too.
        await until(() => witness.closed);
        await turn();
        assert.ok((await checked.write(id, bytes("second"), { replaces, ttlSeconds })).written);
        assert.deepEqual(handler.asked, { pings: 0, reconnects: 0 });
        assert.equal(await textAt(direct, id), "second");
        assert.equal(proxy.accepted, accepted + 1);
      },
    },
    {
      law: 36,
      says: `each change is executed once, also when its reply is lost on a connection that is ${how} (law 34)`,
      async check({ server, proxy, direct, open }) {
        const handler = open();
        for (const { name } of changesOf("", undefined)) {
          await tryOut(direct, name);
          const { id } = await createSession(direct);
          const change = changeOf(name, id, (await handler.read(id))?.version);
          const before = await server.changes();
          proxy.replies.lost = true;
          const refused = rejects(change(handler), "unavailable", "unknown");
          await until(async () => (await server.changes()) > before);
          end(proxy);
          proxy.replies.lost = false; // a reply that is still on its way finds no connection
          await refused;
          await handler.ping();
          assert.equal(await server.changes(), before + 1, name);
          const now = name.startsWith("destroy") ? undefined : name === "write" ? "second" : "first";
          await until(async () => (await textAt(handler, id)) === now);
        }
      },
    },
    {
      law: 38,
      says: `a connection that is ${how} with calls of every kind under way rejects all of them, and none is sent again (law 36)`,
      async check({ server, proxy, direct, open }) {
        const handler = open();
        const { id } = await createSession(direct);
        const other = await createSession(direct);
        const [version, otherVersion] = [(await handler.read(id))?.version, (await handler.read(other.id))?.version];
        const write = () => handler.write(id, bytes("second"), { replaces: version, ttlSeconds });
        const before = await server.changes();
        proxy.replies.lost = true;
        const refused = [
          rejects(handler.ping(), "unavailable"),
          rejects(handler.read(id), "unavailable"),
          rejects(handler.read(id, { ttlSeconds }), "unavailable"),
          rejects(handler.touch(id, ttlSeconds), "unavailable", "unknown"),
          rejects(write(), "unavailable", "unknown"),
          rejects(handler.destroy(id), "unavailable", "unknown"),
          rejects(handler.destroy(other.id, { replaces: otherVersion }), "unavailable", "unknown"),
        ];
        const sent = before + 5; // all but the ping and the plain read
        await until(async () => (await server.changes()) === sent);
        end(proxy);
        proxy.replies.lost = false; // a reply that is still on its way finds no connection
        await Promise.all(refused);
        await handler.ping();
        await until(async () => (await direct.read(id)) === undefined);
        assert.equal(await server.changes(), sent);
      },
    },
  ]),
  {
    law: 37,
    says: "a write that arrives late, after its caller was refused, does not undo later changes",
    async check({ server, proxy, direct, open }) {
      const handler = open({ timeoutMs: 100 });
      const { id } = await createSession(direct);
      const replaces = (await handler.read(id))?.version;
      const before = await server.changes();
      proxy.requests.delayMs = 400;
      await rejects(handler.write(id, bytes("late"), { replaces, ttlSeconds }), "timeout", "unknown");
      const current = (await direct.read(id))?.version;
      assert.ok((await direct.write(id, bytes("acknowledged"), { replaces: current, ttlSeconds })).written);
      await until(async () => (await server.changes()) === before + 2);
      assert.equal(await textAt(direct, id), "acknowledged");
    },
  },
];

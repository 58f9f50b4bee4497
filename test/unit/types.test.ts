import {
  type Decorated,
  type ListingSessionHandler,
  type NetworkedSessionHandler,
  type SessionHandler,
  withConnectionCheck,
  withTimeout,
} from "sessionwire";
import {
  createGuardedHandler,
  type ListingSessionBackend,
  type NetworkedSessionBackend,
  type SessionBackend,
} from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { expectTypeOf, test } from "vitest";

class Networked implements NetworkedSessionBackend {
  read = () => undefined;
  write = () => ({ written: false, current: undefined }) as const;
  touch = () => false;
  destroy = () => ({ destroyed: false, current: undefined }) as const;
  close() {}
  ping() {}
  reconnect() {}
}

test("a handler has ping and reconnect by its type exactly if its backend has them", () => {
  const options = { name: "A store" };
  const networked = createGuardedHandler(new Networked(), options);
  expectTypeOf(networked).toEqualTypeOf<NetworkedSessionHandler>();
  const { ping, reconnect, ...rest } = new Networked();
  const plain = createGuardedHandler({ ...rest, close() {} } satisfies SessionBackend, options);
  expectTypeOf(plain).toEqualTypeOf<SessionHandler>();
  expectTypeOf(ping).toBeFunction();
  expectTypeOf(reconnect).toBeFunction();
});

test("decorators keep the optional methods of a handler by its type", () => {
  const decorated = () => withConnectionCheck(withTimeout(createRedisHandler("redis://localhost")));
  expectTypeOf(decorated).returns.toExtend<NetworkedSessionHandler>();
  const memory = () => withConnectionCheck(withTimeout(createMemoryHandler()));
  expectTypeOf(memory).returns.not.toExtend<NetworkedSessionHandler>();
  expectTypeOf(memory).returns.toExtend<SessionHandler>();
});

test("a handler has list by its type exactly if its backend has it, networked or not", () => {
  const options = { name: "A store" };
  const list: ListingSessionBackend["list"] = () => ({ keys: [], next: undefined });
  const { ping, reconnect, ...rest } = new Networked();
  const plain = { ...rest, close() {} };
  const listing = createGuardedHandler({ ...plain, list } satisfies ListingSessionBackend, options);
  expectTypeOf(listing).toExtend<ListingSessionHandler>();
  expectTypeOf(listing).not.toExtend<NetworkedSessionHandler>();
  const both = createGuardedHandler({ ...plain, ping, reconnect, list }, options);
  expectTypeOf(both).toExtend<ListingSessionHandler & NetworkedSessionHandler>();
  const networked = createGuardedHandler(new Networked(), options);
  expectTypeOf(networked).not.toHaveProperty("list");
});

test("decorators keep list by its type, and add it to no other handler", () => {
  const redis = () => withConnectionCheck(withTimeout(createRedisHandler("redis://localhost")));
  expectTypeOf(redis).returns.toExtend<ListingSessionHandler & NetworkedSessionHandler>();
  const memory = () => withTimeout(withConnectionCheck(createMemoryHandler()));
  expectTypeOf(memory).returns.toExtend<ListingSessionHandler>();
  expectTypeOf<Decorated<SessionHandler>>().not.toHaveProperty("list");
  const networked = (handler: NetworkedSessionHandler) => withConnectionCheck(withTimeout(handler));
  expectTypeOf(networked).returns.not.toHaveProperty("list");
});

import {
  createGuardedHandler,
  type NetworkedSessionBackend,
  type NetworkedSessionHandler,
  type SessionBackend,
  type SessionHandler,
  withConnectionCheck,
  withTimeout,
} from "sessionwire";
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

test("a handler can ping and reconnect by its type just when its backend can", () => {
  const options = { name: "A store" };
  const networked = createGuardedHandler(new Networked(), options);
  expectTypeOf(networked).toEqualTypeOf<NetworkedSessionHandler>();
  const { ping, reconnect, ...rest } = new Networked();
  const plain = createGuardedHandler({ ...rest, close() {} } satisfies SessionBackend, options);
  expectTypeOf(plain).toEqualTypeOf<SessionHandler>();
  expectTypeOf(ping).toBeFunction();
  expectTypeOf(reconnect).toBeFunction();
});

test("decorators keep what a handler can do by its type", () => {
  const decorated = () => withConnectionCheck(withTimeout(createRedisHandler("redis://localhost")));
  expectTypeOf(decorated).returns.toExtend<NetworkedSessionHandler>();
  const memory = () => withConnectionCheck(withTimeout(createMemoryHandler()));
  expectTypeOf(memory).returns.not.toExtend<NetworkedSessionHandler>();
  expectTypeOf(memory).returns.toExtend<SessionHandler>();
});

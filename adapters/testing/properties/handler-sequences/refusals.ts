import { isSessionError } from "sessionwire";
import { print } from "../../print.ts";
import type { Step } from "../contract.ts";
import { judge, look } from "./comparison.ts";
import { idAt, live, type World } from "./world.ts";

export function refuseTtl(place: number, ttl: unknown): Step<World> {
  return {
    words: `all with the time to live ${print(ttl)}`,
    async take(world) {
      const { handler } = world;
      const id = idAt(world, place);
      const replaces = live(world, id)?.version;
      const ttlSeconds = ttl as number; // outside the type
      for (const call of [
        () => handler.read(id, { ttlSeconds }),
        () => handler.touch(id, ttlSeconds),
        () => handler.write(id, new Uint8Array(), { replaces, ttlSeconds }),
      ]) {
        const error = await rejection(call);
        judge(world, 11, error instanceof RangeError, "The call was not refused with a RangeError");
      }
      await look(world, id, 11);
    },
  };
}

export function refuseId(id: unknown): Step<World> {
  return {
    words: `all with the id ${print(id)}`,
    async take(world) {
      const { handler } = world;
      const wrong = id as string; // outside the type, or outside the contract
      for (const call of [
        () => handler.read(wrong),
        () => handler.touch(wrong, 60),
        () => handler.write(wrong, new Uint8Array(), { replaces: undefined, ttlSeconds: 60 }),
        () => handler.destroy(wrong),
      ]) {
        const error = await rejection(call);
        const isRefused = isSessionError(error) && error.code === "invalid-id";
        judge(world, 28, isRefused, "The call was not refused with code invalid-id");
      }
    },
  };
}

async function rejection(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  }
}

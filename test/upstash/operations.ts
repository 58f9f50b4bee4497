import type { ListingSessionHandler, NetworkedSessionHandler, Version } from "sessionwire";
import { bytes } from "../redis/session-data.ts";

export type UpstashHandler = NetworkedSessionHandler & ListingSessionHandler;

/** Every operation, by its name; `changes` when its rejection has an outcome. */
export function operationsOn(
  id: string,
  replaces: Version | undefined,
  data = "second",
): readonly {
  readonly name: string;
  readonly changes: boolean;
  run(handler: UpstashHandler, signal?: AbortSignal): Promise<unknown>;
}[] {
  return [
    { name: "read", changes: false, run: (handler, signal) => handler.read(id, { signal }) },
    { name: "read and touch", changes: false, run: (handler, signal) => handler.read(id, { ttlSeconds: 60, signal }) },
    { name: "list", changes: false, run: (handler, signal) => handler.list({ signal }) },
    { name: "touch", changes: true, run: (handler, signal) => handler.touch(id, 60, { signal }) },
    {
      name: "write",
      changes: true,
      run: (handler, signal) => handler.write(id, bytes(data), { replaces, ttlSeconds: 60, signal }),
    },
    { name: "destroy if", changes: true, run: (handler, signal) => handler.destroy(id, { replaces, signal }) },
    { name: "destroy", changes: true, run: (handler, signal) => handler.destroy(id, { signal }) },
  ];
}

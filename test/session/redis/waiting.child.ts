import { createSessionManager, type SessionHandler } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";

// A change that waits for its turn behind a manager that has died, in a process that has nothing else to do.

const store = createMemoryHandler();
const others = createSessionManager({ handler: store });
const session = await others.create();
session.set("count", 0);
await session.save();
const roster = new TextEncoder().encode('{"turns":["has_died"]}');
await store.write(`turn:${await others.format.keyOf(session.id)}`, roster, { replaces: undefined, ttlSeconds: 60 });
let conflicts = 2;
const slower: SessionHandler = Object.assign(Object.create(store), {
  async write(...[key, data, options]: Parameters<typeof store.write>) {
    if (conflicts > 0) await others.update(session.id, (draft) => draft.set("others", conflicts--));
    return store.write(key, data, options);
  },
});
await createSessionManager({ handler: slower }).update(session.id, (draft) => draft.set("count", 1));
process.send?.("done");
process.disconnect?.();

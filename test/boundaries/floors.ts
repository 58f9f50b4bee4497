/**
 * A floor: its rooms, each with what it imports besides its own files.
 *
 * A room is a folder (`src/backend/`), the files right in a folder (`src/*.ts`) or one file. A file belongs to the room that names it
 * most closely.
 */
export interface Floor {
  readonly [room: string]: readonly string[];
}

/** The parts of the core, from the ground up. A room imports any room of a lower floor, by path, and no package. */
const core: readonly Floor[] = [
  { "src/*.ts": [] },
  { "src/backend/": [] },
  { "src/cookie/": [], "src/formats/": [] },
  { "src/channel/": [] },
  { "src/decorators/": [] },
  {
    "src/session/failures.ts": [],
    "src/session/schema/": [],
    "src/session/session-calls.ts": [],
    "src/session/wrappable.ts": [],
  },
  { "src/session/events/": [], "src/session/storage/": [] },
  { "src/session/changes/": [] },
  { "src/session/commit/": [], "src/session/draft/": [] },
  { "src/session/session.ts": [] },
  { "src/session/tickets/": [], "src/session/users/": [] },
  { "src/session/*.ts": [] },
  { "src/sockets/": [] },
  { "src/index.ts": [], "src/backend.ts": [], "src/sockets.ts": [] },
];

/**
 * What each adapter imports: subpaths of the core, its own client, modules of Node.js, and folders that several adapters share. Its
 * room is `adapters/<name>.ts` with the folder of that name.
 */
export const adapters: { readonly [name: string]: readonly string[] } = {
  memory: ["sessionwire", "sessionwire/backend"],
  redis: [
    ...["sessionwire", "sessionwire/backend", "ioredis", "adapters/redis-replies/", "adapters/store-url/"],
    ...["node:buffer", "node:crypto", "node:events", "node:net", "node:tls"],
  ],
  memcached: [
    ...["sessionwire", "sessionwire/backend", "memjs", "adapters/store-url/"],
    ...["node:crypto", "node:net"],
  ],
  upstash: ["sessionwire", "sessionwire/backend", "adapters/redis-replies/"],
  express: ["sessionwire", "sessionwire/backend", "express-session"],
  symfony: ["sessionwire", "sessionwire/backend"],
  ws: [
    ...["sessionwire", "sessionwire/backend", "sessionwire/sockets", "ws"],
    ...["node:http", "node:https", "node:net", "node:stream"],
  ],
  "socket.io": ["sessionwire/backend", "sessionwire/sockets", "socket.io", "node:http"],
  crossws: ["sessionwire/sockets", "crossws"],
  otel: ["sessionwire", "sessionwire/backend", "sessionwire/sockets", "@opentelemetry/api"],
  diagnostics: ["sessionwire", "sessionwire/sockets", "node:diagnostics_channel"],
};

/** What several adapters share, and therefore knows none of them. */
const shared: Floor = {
  "adapters/redis-replies/": ["sessionwire"],
  "adapters/store-url/": ["sessionwire"],
};

/** It makes the handlers of the adapters, to which it hands the client that it has found. */
const url: Floor = {
  "adapters/url/": [
    ...["sessionwire", "sessionwire/memory", "sessionwire/upstash", "adapters/store-url/"],
    ...["adapters/redis/handler.ts", "adapters/memcached/handler.ts", "ioredis", "memjs"],
  ],
};

const testingKit: readonly Floor[] = [
  {
    "adapters/testing/": [
      ...["sessionwire", "sessionwire/backend"],
      ...["node:assert/strict", "node:events", "node:net", "node:timers/promises", "node:util"],
    ],
  },
  {
    "adapters/testing/properties/": [
      ...["sessionwire", "sessionwire/backend", "adapters/testing/", "fast-check"],
      ...["node:process", "node:util"],
    ],
  },
];

/** All floors, from the ground up: a file imports nothing of its own floor but its own room, and nothing of a higher floor. */
export const floors: readonly Floor[] = [
  ...core,
  shared,
  Object.fromEntries(Object.entries(adapters).map(([name, imports]) => [`adapters/${name}/`, imports])),
  url,
  ...testingKit,
  { "examples/": ["any package"], "test/": ["any package", "any file"], "bench/": ["any package", "any file"] },
];

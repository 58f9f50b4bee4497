import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findTrespasses, findUnusedEntries } from "./boundaries.ts";
import { adapters, floors } from "./floors.ts";
import { sourcesBelow } from "./imports.ts";

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
const sources = sourcesBelow("src", "adapters", "examples", "test", "bench");

test("every import runs down, to what the table names", () => {
  expect(findTrespasses(sources, floors)).toEqual([]);
});

test("the table names no more than is imported", () => {
  expect(findUnusedEntries(sources, floors)).toEqual([]);
});

test("every adapter is a subpath, and every subpath an adapter, a part of the core, the stores by URL or the testing kit", () => {
  const subpaths = Object.keys(manifest.exports).filter(
    (subpath) => /^\.\/[^/]+$/.test(subpath) && !subpath.endsWith(".json"),
  );
  const named = [...Object.keys(adapters), "backend", "sockets", "url", "testing"];
  expect(subpaths.map((subpath) => subpath.slice(2)).sort()).toEqual(named.sort());
});

describe("is found where it is planted:", () => {
  test.each([
    ["an arrow up within the core", "src/formats/planted.ts", "../session/session.ts"],
    ["an arrow up to a decorator", "src/backend/planted.ts", "../decorators/timeout.ts"],
    ["an arrow from the ground", "src/planted.ts", "./backend/call.ts"],
    ["an arrow up within sessions", "src/session/storage/planted.ts", "../draft/draft.ts"],
    ["an arrow across within sessions", "src/session/commit/planted.ts", "../draft/update.ts"],
    ["an arrow to a session", "src/session/commit/planted.ts", "../session-state.ts"],
    ["an arrow to sockets", "src/session/commit/planted.ts", "../../sockets/binding.ts"],
    ["an arrow to an entry of the core", "src/session/planted.ts", "../index.ts"],
    ["an arrow across", "src/formats/planted.ts", "../cookie/cookie.ts"],
    ["a package in the core", "src/planted.ts", "ws"],
    ["a module of Node.js in the core", "src/planted.ts", "node:crypto"],
    ["an adapter in the core", "src/session/planted.ts", "../../adapters/memory.ts"],
    ["the package's own name in the core", "src/session/planted.ts", "sessionwire/memory"],
    ["a file of the core in an adapter", "adapters/memory/planted.ts", "../../src/errors.ts"],
    ["another adapter", "adapters/ws/planted.ts", "../redis/scan.ts"],
    ["another adapter by its name", "adapters/memcached/planted.ts", "sessionwire/redis"],
    ["an adapter by its own name", "adapters/memory/planted.ts", "sessionwire/memory"],
    ["the client of another adapter", "adapters/memory/planted.ts", "ioredis"],
    ["a module of Node.js in an adapter for every runtime", "adapters/upstash/planted.ts", "node:net"],
    ["sockets in an adapter for stores", "adapters/memory/planted.ts", "sessionwire/sockets"],
    ["an adapter in what several share", "adapters/store-url/planted.ts", "../redis/url.ts"],
    ["what others share", "adapters/upstash/planted.ts", "../store-url/store-url.ts"],
    ["more of an adapter than makes its handler", "adapters/url/planted.ts", "../redis/scan.ts"],
    ["fast-check outside of the properties", "adapters/testing/planted.ts", "fast-check"],
    ["properties in the rest of the kit", "adapters/testing/laws/planted.ts", "../properties/contract.ts"],
    ["a test in an adapter", "adapters/memory/planted.ts", "../../test/gate.ts"],
    ["a source in an example", "examples/chat/planted.ts", "../../src/errors.ts"],
    ["a test in an example", "examples/chat/planted.ts", "../../test/gate.ts"],
  ])("%s", (_, file, of) => {
    const lines = [
      `import { a } from "${of}";`,
      `import type {\n  A,\n} from "${of}";`,
      `export * from "${of}";`,
      `import "${of}";`,
    ];
    for (const line of [...lines, `const a = () => import("${of}");`]) {
      const found = findTrespasses(new Map([[file, `import { b } from "./other.ts";\n${line}\n`]]), floors);
      expect(found).toEqual([expect.stringMatching(`^${file} must not import `)]);
    }
  });

  test("a file that is in no room", () => {
    expect(findTrespasses(new Map([["adapters/planted.ts", ""]]), floors)).toEqual([
      "adapters/planted.ts is in no room",
    ]);
  });

  test("an entry of the table that nothing needs", () => {
    const wider = [...floors, { "adapters/memory/hash.ts": ["node:net"] }];
    expect(findUnusedEntries(sources, wider)).toEqual(["adapters/memory/hash.ts: node:net"]);
  });
});

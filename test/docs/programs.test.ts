import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, typeErrorsOf } from "./markdown-programs.ts";

const root = join(import.meta.dirname, "../..");

/** It is about programs of the repository, into which add-an-adapter.test.ts puts them. */
const recipe = "docs/add-an-adapter.md";

const names = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.md$/.test(name),
);
const pages = ["README.md", ...names.map((name) => `docs/${name}`)].filter((page) => page !== recipe).sort();
const programs = Object.fromEntries(
  await Promise.all(pages.map(async (page) => [page, await programsOf(page)] as const)),
);

test("the programs of the pages have these names", () => {
  const named = Object.entries(programs).filter(([, all]) => all.length > 0);
  expect(Object.fromEntries(named.map(([page, all]) => [page, all.map(({ name }) => name)]))).toEqual({
    "README.md": ["0.ts", "1.ts"],
    "docs/channel.md": ["server.ts", "beside-others.ts", "one-process.ts", "threads.ts", "threads.test.ts"],
    "docs/crossws.md": ["server.ts", "node.ts"],
    "docs/decorators.md": ["stack.ts"],
    "docs/encryption.md": ["rotation.ts"],
    "docs/fastify-and-hono.md": ["fastify.ts", "hono.ts"],
    "docs/hashed-keys.md": ["steps.ts"],
    "docs/observing.md": ["observing.ts", "telemetry.ts", "channels.ts"],
    "docs/own-binding.md": ["binding.ts"],
    "docs/own-decorator.md": ["log.ts", "counts.ts", "checksum.ts", "customer.ts", "decorators.test.ts"],
    "docs/own-format.md": ["pairs-format.ts"],
    "docs/own-store.md": ["table-store.ts", "http-store.ts", "table-store.test.ts"],
    "docs/retry.md": ["policy.ts"],
    "docs/sessions.md": ["sessions.ts", "sign-in.ts"],
    "docs/socket-io.md": ["server.ts"],
    "docs/symfony.md": ["server.ts", "cart.ts"],
    "docs/tickets.md": ["tickets.ts"],
    "docs/typed-sessions.md": ["typed.ts", "renamed.ts"],
    "docs/users.md": ["users.ts"],
    "docs/without-a-framework.md": ["server.ts"],
  });
});

test("the programs of all pages are free of type errors", { timeout: 60_000 }, async () => {
  expect(await typeErrorsOf(programs)).toBe("");
  const [program] = programs["docs/tickets.md"] ?? [];
  const broken = { name: "broken.ts", text: `${program?.text}\nsessions.open(1);\n` };
  expect(await typeErrorsOf({ "docs/tickets.md": [broken] })).toMatch(/broken\.ts\(\d+,\d+\): error/);
});

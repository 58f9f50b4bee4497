// @module-tag real-time

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import type { Measurements } from "../../bench/tools/report.ts";

const root = join(import.meta.dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bench-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The benches, and the tables that each of them shows. */
const benches = {
  handlers: [
    ...[1, 64].flatMap((callers) => ["read", "replace", "read-replace"].map((name) => `handler-${name}-${callers}`)),
    ...["read-touch", "create", "touch", "destroy"].map((name) => `handler-${name}-64`),
  ],
  "server-time": [1, 16, 256].map((size) => `server-time-redis-${size}`),
  sessions: [
    ...["1kb-1", "1kb-64", "16kb-64"].flatMap((size) =>
      ["open", "change", "store-read", "store-change"].map((name) => `session-${name}-${size}`),
    ),
    "session-large",
  ],
  http: ["node", "express", "fastify"].flatMap((framework) =>
    ["read", "change"].map((path) => `http-${framework}-${path}`),
  ),
  sockets: [
    ...["read-100", "update-100", "update-1000", "update-shared", "echo-100"].map((name) => `socket-${name}`),
    ...["commands", "handshakes", "memory"].map((name) => `socket-${name}`),
  ],
  decorators: [
    ...["decorator-hashed-keys", "decorator-passing"],
    ...[1, 4, 16].flatMap((size) => ["read", "write"].map((name) => `decorator-compression-${name}-${size}kb`)),
    ...[500, 16_384].flatMap((size) => ["read", "write"].map((name) => `decorator-encryption-${name}-${size}`)),
  ],
  endings: ["endings"],
  "idle-sockets": ["socket-idle", "socket-storm"],
  writers: [
    ...["1x16", "1x64", "2x1", "4x1", "4x16", "8x16"].map((writers) => `writers-${writers}-1`),
    ...["1x64", "4x16"].map((writers) => `writers-${writers}-1000`),
  ],
  memory: ["memory-handler-100k", "memory-store-100k", "memory-1m"],
  upstash: [1, 64].flatMap((callers) => ["read", "update"].map((name) => `upstash-${name}-${callers}`)),
  imports: ["imports"],
  observing: ["observing"],
  symfony: ["ascii", "utf-8"].map((text) => `symfony-read-${text}`),
  weight: ["weight-tarball", "weight-bundles"],
};

// Nothing is measured here: while one starts its processes, another one waits for its own.
test.concurrent.each(Object.entries(benches))(
  "the bench %s runs, and has numbers in every row of every table",
  { timeout: 300_000 },
  async (name, tables) => {
    const { stdout, json } = await run(name);
    expect(stdout).toMatch(/^Node v\d+.*, \d+ cores .*, Redis \d+\.\d+/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(json.tables.map(({ id }) => id)).toEqual(tables);
    for (const { title, columns, rows } of json.tables) {
      expect(stdout).toContain(title);
      expect(rows.length).toBeGreaterThan(1);
      for (const { name: row, values } of rows) {
        expect(stdout).toContain(`  ${row}`);
        expect(values).toHaveLength(columns.length);
        expect(values.filter((value) => value !== null && !Number.isFinite(value))).toEqual([]);
        expect(values.some((value) => value !== null)).toBe(true);
      }
    }
  },
);

async function run(name: string): Promise<{ stdout: string; json: Measurements }> {
  const file = join(directory, `${name}.json`);
  const args = ["--import", "tsx", `bench/${name}.ts`, "--quick", "--json", file];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stderr).toBe("");
  return { stdout, json: JSON.parse(readFileSync(file, "utf8")) };
}

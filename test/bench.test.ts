// @module-tag real-time

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** How wide tables are printed. */
const nameWidth = 66;
const cellWidth = 12;

const root = fileURLToPath(new URL("..", import.meta.url));

const onRedis = [
  "createRedisHandler",
  "withConnectionCheck(createRedisHandler)",
  "withConnectionCheck(withTimeout(createRedisHandler))",
];
const byScript = "ioredis, compare-and-set by a Lua script";
const unconditional = "connect-redis, without any condition, JSON of 1 KB";
const redisRows = {
  read: ["ioredis, GET", ...onRedis, "connect-redis, JSON of 1 KB"],
  "read and touch": ["ioredis, GETEX", ...onRedis, "connect-redis, get and then touch, JSON of 1 KB"],
  "replacing write": ["ioredis, SET without any condition", byScript, ...onRedis, unconditional],
  create: ["ioredis, SET NX", byScript, ...onRedis, unconditional],
  touch: ["ioredis, EXPIRE", ...onRedis, "connect-redis"],
  destroy: ["ioredis, DEL", ...onRedis, "connect-redis"],
};

const onMemory = [
  "Map, an async function that copies the bytes",
  "createMemoryHandler",
  "withTimeout(createMemoryHandler)",
  "withConnectionCheck(createMemoryHandler)",
  "withConnectionCheck(withTimeout(createMemoryHandler))",
];

const tables = {
  ...tablesOfRedis(1),
  ...tablesOfRedis(64),
  "Memory: read, 1 KB": ["Map, get", ...onMemory],
  "Memory: replacing write, 1 KB": ["Map, set", ...onMemory],
  "Memory: longest pause while 10,000 sessions are created": ["Map, set of a copy", "createMemoryHandler"],
};

const hand = "ioredis, GET and SET of JSON";
const stores = ["connect-redis", "createExpressStore"];
const managers = ["Session, format of express-session", "Session, native format"];
const sessionRows = {
  open: [hand, ...stores, ...managers],
  "open, save unchanged": [`${hand}, EXPIRE`, ...stores, ...managers],
  "open, change, save": [hand, ...stores, ...managers],
  "change, save: somebody else was faster": [`${hand}, wiped`, ...managers],
};
const writers = [
  hand,
  "connect-redis",
  "sessions.update, native format",
  "sessions.update, format of express-session",
  "sessions.update of createExpressStore",
];

const sessionTables = {
  ...Object.fromEntries(
    [1, 64].flatMap((concurrency) =>
      Object.entries(sessionRows).map(([question, rows]) => [`${question}, ${concurrency} at a time`, rows]),
    ),
  ),
  "2 writers, one session": writers,
  "16 writers, one session": writers,
  "64 writers, one session": writers,
  "64 writers, 1,000 sessions": writers,
};

const bySocket = {
  bare: "ws, without a session",
  byHand: "ws, GET and SET of JSON by hand",
  express: "ws, express-session: reload, change, save",
  ours: "attachSessions",
};
const ofMessages = [bySocket.byHand, bySocket.express, bySocket.ours];
const ofSockets = [bySocket.bare, bySocket.express, bySocket.ours];
const messages = {
  "update, 8 sockets, 8 sessions": ofMessages,
  "update, 10 sockets, 10 sessions": ofMessages,
  "update, 20 sockets, 20 sessions": ofMessages,
  "update, 10 sockets, 2 sessions": ofMessages,
  "update, 10 sockets, 10 sessions, the first message": ofMessages,
  "read, 8 sockets, 8 sessions": ofMessages,
  "read, 10 sockets, 10 sessions": ofMessages,
  "echo, 10 sockets, 10 sessions": [bySocket.bare, bySocket.ours],
};
const socketTables = {
  ...Object.fromEntries(Object.entries(messages).map(([question, rows]) => [`Redis: ${question}`, rows])),
  "Memory: update, 10 sockets, 10 sessions": ofMessages,
  "Memory: update, 10 sockets, 2 sessions": ofMessages,
  "Memory: read, 10 sockets, 10 sessions": ofMessages,
  "Redis: commands for each message": Object.keys(messages),
  "Redis: handshakes, 10 sockets, 50 at a time": ofSockets,
  "Redis: memory of an idle socket, 50 of a session each": ofSockets,
  "Redis: an idle socket in a minute, 10 of a session each": ofSockets,
};

test.each([
  { file: "bench/sockets.ts", expected: socketTables },
  { file: "bench/handlers.ts", expected: tables },
  { file: "bench/sessions.ts", expected: sessionTables },
])("$file runs, and prints numbers in every row of every table", { timeout: 240_000 }, async ({ file, expected }) => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", "tsx", file, "--quick"], {
    cwd: root,
  });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^Node v\d+.*, \d+ cores .*, Redis \d+\.\d+/);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(readTables(stdout)).toEqual(expected);
});

function tablesOfRedis(concurrency: number): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(redisRows).map(([question, rows]) => [`Redis: ${question}, 1 KB, ${concurrency} at a time`, rows]),
  );
}

/**
 * The names of the rows by the title of their table. A row without numbers in all its cells has another name, and shows; a single
 * `-` stands where a variant has no part in the question.
 */
function readTables(output: string): Record<string, string[]> {
  const [, ...blocks] = output.trimEnd().split("\n\n");
  return Object.fromEntries(
    blocks.map((block) => {
      const [header = "", ...rows] = block.split("\n");
      const title = header.slice(0, nameWidth).replace(/( \(times.*| +)$/, "");
      const cells = (header.length - nameWidth) / cellWidth;
      const numbers = new RegExp(`(\\s+(-|-?[\\d.,]+)){${cells}}$`);
      return [title, rows.map((row) => row.replace(numbers, "").trimStart())];
    }),
  );
}

import type { Cell } from "./figures.ts";

/** A line of the summary: a ratio, what it was compared with, and what it is not to exceed (or, where more is better, to reach). */
export interface SummaryLine {
  readonly question: string;
  readonly comparedWith: string;
  /** A ratio, or with `dividedBy` what makes one. */
  readonly cell: Cell;
  readonly dividedBy?: Cell;
  readonly goal: string;
  /** Says what the difference is spent on, for what costs more than the other thing. */
  readonly why?: string;
}

const cpu = "CPU ×";
const byRaw = "raw ioredis";
const guarded = "a deadline, a cancellation and an outcome for each call, and a version of the bytes";
const compared =
  "the server compares what is stored before it writes, and every change is recorded so that it can be made again";

export const summary: readonly SummaryLine[] = [
  line("handler: read", byRaw, "handler-read-64", "createRedisHandler", cpu, "≤ 1.1", guarded),
  line(
    "handler: read, connection check",
    byRaw,
    "handler-read-64",
    "withConnectionCheck(createRedisHandler)",
    cpu,
    "≤ 1.15",
    guarded,
  ),
  line(
    "handler: read, connection check, timeout",
    byRaw,
    "handler-read-64",
    "withTimeout(withConnectionCheck(createRedisHandler))",
    cpu,
    "≤ 1.25",
    guarded,
  ),
  line(
    "handler: compare-and-set",
    `${byRaw}, plain SET`,
    "handler-replace-64",
    "createRedisHandler",
    cpu,
    "≤ 1.4",
    compared,
  ),
  ...serverTime("redis", "the server compares in a script, as Redis before 8.4 has no command for it", [
    "≤ 7",
    "≤ 30",
    "≤ 95",
  ]),
  ...serverTime("valkey", "the server compares by itself (`SET … IFEQ`)", ["≤ 1.4", "≤ 1.4", "≤ 8"]),
  ...session("open", "GET and JSON.parse", [
    ["Session, native format, seen again", "≤ 1.2"],
    ["Session, format of express-session, seen again", "≤ 1.0"],
    ["Session, native format, first seen", "≤ 1.6", "what is parsed is checked: doubled names, depth, encoding"],
    [
      "Session, format of express-session, first seen",
      "≤ 1.6",
      "what is parsed is checked: doubled names, depth, encoding",
    ],
  ]),
  ...session("change", "GET and SET of JSON", [
    ["Session, native format: open, set, save", "≤ 2.0", compared],
    ["Session, format of express-session: open, set, save", "≤ 1.8", compared],
  ]),
  ...store("store-read", "get, touch", "createExpressStore, touched with each read", "≤ 1.3"),
  ...store("store-change", "get, set", "createExpressStore", "≤ 1.7"),
  http("node", "read", "node:http, createSessionManager", "ioredis by hand", "≤ 1.3"),
  http("node", "change", "node:http, createSessionManager", "ioredis by hand", "≤ 2"),
  http("express", "read", "express-session, createExpressStore", "connect-redis 8", "≤ 1.0"),
  http("express", "change", "express-session, createExpressStore", "connect-redis 8", "≤ 1.0"),
  line("sockets: read", "GET by hand", "socket-read-100", "attachSessions", cpu, "≤ 1.1", guarded),
  line("sockets: update", "GET and SET by hand", "socket-update-100", "attachSessions", cpu, "≤ 1.4", compared),
  writers("1x64-1", "one session, 64 writers, 1 process", "update, native format", "upd/s ×", "≥ 7.5"),
  writers("1x64-1000", "1,000 sessions, 64 writers, 1 process", "update, native format", "upd/s ×", "≥ 0.75"),
  writers("4x16-1", "one session, 4 processes × 16 writers", "update, native format", "upd/s ×", "≥ 1.0"),
  writers("8x16-1", "one session, 8 processes × 16 writers", "update, native format", "upd/s ×", "≥ 1.0"),
  {
    question: "256 KB, one number changed, seen before: CPU",
    comparedWith: "JSON.parse of it",
    cell: { table: "session-large", row: "Session, native format: open, set, save", column: cpu },
    goal: "≤ 0.25",
  },
  {
    question: "memory: handler, read and write",
    comparedWith: "memorystore",
    cell: { table: "memory-handler-100k", row: "createMemoryHandler", column: "CPU µs" },
    dividedBy: { table: "memory-store-100k", row: "memorystore", column: "CPU µs" },
    goal: "≤ 1",
  },
  line(
    "memory: store of express-session, operations per second",
    "MemoryStore",
    "memory-store-100k",
    "createExpressStore, memory handler",
    "ops/s ×",
    "≥ 0.5",
    compared,
  ),
  line(
    "Upstash: read, operations per second",
    "@upstash/redis",
    "upstash-read-64",
    "createUpstashHandler",
    "ops/s ×",
    "≥ 0.7",
  ),
];

function line(
  question: string,
  comparedWith: string,
  table: string,
  row: string,
  column: string,
  goal: string,
  why?: string,
): SummaryLine {
  return { question, comparedWith, cell: { table, row, column }, goal, ...(why === undefined ? {} : { why }) };
}

function serverTime(server: string, why: string, goals: readonly string[]): SummaryLine[] {
  return ["1", "16", "256"].map((size, place) =>
    line(
      `time of the server for a save, ${size} KB, ${server === "redis" ? "Redis" : "Valkey"}`,
      "SET",
      `server-time-${server}-${size}`,
      "createRedisHandler, compare-and-set",
      "µs ×",
      goals[place] ?? "",
      why,
    ),
  );
}

function session(name: string, floor: string, rows: readonly (readonly [string, string, string?])[]): SummaryLine[] {
  return rows.map(([row, goal, why]) => line(row, floor, `session-${name}-1kb-64`, row, cpu, goal, why));
}

function store(name: string, work: string, row: string, goal: string): SummaryLine[] {
  const table = `session-${name}-1kb-64`;
  return [
    {
      question: `store of express-session: ${work}`,
      comparedWith: "connect-redis 8 on ioredis",
      cell: { table, row, column: "CPU µs" },
      dividedBy: { table, row: "connect-redis 8 on ioredis", column: "CPU µs" },
      goal,
      why: compared,
    },
  ];
}

function http(framework: string, path: string, row: string, reference: string, goal: string): SummaryLine {
  const question = `HTTP, ${framework === "node" ? "node:http" : "Express"}: extra CPU of a request, ${path}`;
  return line(
    question,
    reference,
    `http-${framework}-${path}`,
    row,
    "extra ×",
    goal,
    path === "read" ? guarded : compared,
  );
}

function writers(id: string, question: string, row: string, column: string, goal: string): SummaryLine {
  const why =
    "each update is a conditional write, of which one at a time can win; the other one loses what it overtakes";
  return line(
    `${question}: updates per second`,
    "GET and SET, which lose updates",
    `writers-${id}`,
    row,
    column,
    goal,
    why,
  );
}

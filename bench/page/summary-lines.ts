import { names } from "../sockets/processes.ts";
import type { Cell } from "./figures.ts";

/**
 * A line of the summary: a ratio, the row it is compared with, and the limit that it should not exceed (or should
 * reach, if more is better).
 */
export interface SummaryLine {
  readonly question: string;
  readonly comparedWith: string;
  /** A ratio, or a value that `dividedBy` turns into one. */
  readonly cell: Cell;
  readonly dividedBy?: Cell;
  readonly goal: string;
  /** Explains the difference, for rows that cost more than the other one. */
  readonly why: string;
}

export const cpu = "CPU ×";
export const byRaw = "raw ioredis";
export const guarded = "a call has a deadline, can be cancelled, tells its outcome and gives a version of the bytes";
export const remembered = "the bytes are compared with those seen before, and what is handed out is read-only";
export const checked = "what is parsed is checked: doubled names, depth, encoding";
export const compared = "a write is conditional, and a change is recorded so that it can be made again on fresh data";
export const handedOut = "what a request has changed is found by comparing with what it was handed";
export const bytes = "bytes go in and out as copies, with a version and a time to live";
export const byScript = "Redis before 8.4 has no command that compares, so that a script does";
export const byCommand = "the server compares the value that is stored with one that is sent";
export const oneWins = "of conditional writes one wins at a time; without the condition, updates are lost";
export const tracked =
  "a socket keeps when its peer and its session were heard of last, and the key under which that is stored";
export const encoded = "each command has an outcome of its own, and bytes travel in base64";

export function line(
  question: string,
  comparedWith: string,
  table: string,
  row: string,
  column: string,
  goal: string,
  why: string,
): SummaryLine {
  return { question, comparedWith, cell: { table, row, column }, goal, why };
}

export function serverTime(server: string, why: string, goals: readonly string[]): SummaryLine[] {
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

export function session(
  name: string,
  floor: string,
  rows: readonly (readonly [string, string, string])[],
): SummaryLine[] {
  return rows.map(([row, goal, why]) => line(row, floor, `session-${name}-1kb-64`, row, cpu, goal, why));
}

export function store(name: string, work: string, row: string, goal: string): SummaryLine[] {
  const table = `session-${name}-1kb-64`;
  return [
    {
      question: `store of express-session: ${work}`,
      comparedWith: "connect-redis 8 on ioredis",
      cell: { table, row, column: "CPU µs" },
      dividedBy: { table, row: "connect-redis 8 on ioredis", column: "CPU µs" },
      goal,
      why: handedOut,
    },
  ];
}

export function http(framework: string, path: string, row: string, reference: string, goal: string): SummaryLine {
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

/** Lines about sockets, compared with another row than the floor. */
export function sockets(
  question: string,
  comparedWith: string,
  table: string,
  column: string,
  than: "by hand" | "kept by hand",
  goal: string,
  why: string,
): SummaryLine {
  const cell = { table, row: names.sessionwire, column };
  return {
    question: `sockets: ${question}`,
    comparedWith,
    cell,
    dividedBy: { table, row: names[than], column },
    goal,
    why,
  };
}

export function writers(id: string, question: string, row: string, column: string, goal: string): SummaryLine {
  return line(
    `${question}: updates per second`,
    "GET and SET, which lose",
    `writers-${id}`,
    row,
    column,
    goal,
    oneWins,
  );
}

import type { RequestsJob, RequestsResult } from "./http/clients.child.ts";
import { compareFramework, type Variant } from "./http/compare.ts";
import { runBench } from "./tools/bench.ts";
import { startProcess } from "./tools/children.ts";
import { WARM_UP_ROUNDS } from "./tools/slices.ts";

// Measures the cost that sessions add to a request, compared with the same server without any: 64 connections, sessions
// of 1 KB in rotation. Servers and clients are separate processes. A server without sessions is the floor of those that
// follow.
const questions: readonly { readonly id: string; readonly title: string; readonly variants: readonly Variant[] }[] = [
  {
    id: "node",
    title: "node:http and Koa",
    variants: [
      { framework: "node", variant: "bare", name: "node:http, without sessions" },
      { framework: "node", variant: "byHand", name: "node:http, ioredis by hand" },
      { framework: "node", variant: "ours", name: "node:http, createSessionManager" },
      { framework: "koa", variant: "bare", name: "Koa, without sessions" },
      { framework: "koa", variant: "koaSession", name: "Koa, koa-session on ioredis" },
    ],
  },
  {
    id: "express",
    title: "Express",
    variants: [
      { framework: "express", variant: "bare", name: "Express, without sessions" },
      { framework: "express", variant: "connectRedis8", name: "express-session, connect-redis 8 on ioredis" },
      { framework: "express", variant: "connectRedis10", name: "express-session, connect-redis 10 on node-redis" },
      { framework: "express", variant: "ours", name: "express-session, createExpressStore" },
    ],
  },
  {
    id: "fastify",
    title: "Fastify",
    variants: [
      { framework: "fastify", variant: "bare", name: "Fastify, without sessions" },
      { framework: "fastify", variant: "connectRedis8", name: "@fastify/session, connect-redis 8 on ioredis" },
      { framework: "fastify", variant: "ours", name: "@fastify/session, createExpressStore" },
    ],
  },
];

await runBench(async ({ redis, report, pick }) => {
  const clients = await startProcess(new URL("./http/clients.child.ts", import.meta.url));
  const send = (job: RequestsJob) => clients.ask<RequestsResult>(job);
  const effort = {
    rounds: pick(9, 1),
    warmUpRounds: pick(WARM_UP_ROUNDS, 1),
    sliceMs: pick(300, 5),
    sessions: pick(10_000, 100),
    connections: 64,
  };
  for (const { id, title, variants } of questions) {
    for (const table of await compareFramework(variants, redis.url, send, effort)) {
      report.add({ ...table, id: `http-${id}-${table.id}`, title: `HTTP: ${title}, ${table.id}` });
    }
    await redis.command("flushall");
  }
  await clients.end();
});

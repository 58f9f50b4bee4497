import { createSessionManager } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { closeCodes, createSessionSocketServer, shouldReconnect } from "sessionwire/sockets";
import { test } from "vitest";
import { paperChecks } from "./paper-checks.ts";

const parts = { createSessionManager, createMemoryHandler, createSessionSocketServer, closeCodes, shouldReconnect };

test.each(paperChecks)("$claim", ({ check }) => check(parts));

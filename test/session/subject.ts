import * as core from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import type { SessionSubject } from "./stage.ts";

/** The real parts of the package. */
export const subject: SessionSubject = { ...core, createExpressStore, createMemoryHandler };

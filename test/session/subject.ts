import * as core from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";

/** The parts of the package that the laws of sessions are checked on: the real ones, or deliberately broken ones. */
export type SessionSubject = Pick<
  typeof import("sessionwire"),
  "auditEntryOf" | "createSessionManager" | "nativeFormat" | "expressFormat" | "SessionError"
> &
  Pick<typeof import("sessionwire/memory"), "createMemoryHandler"> &
  Pick<typeof import("sessionwire/express"), "createExpressStore">;

/** The real parts of the package. */
export const subject: SessionSubject = { ...core, createExpressStore, createMemoryHandler };

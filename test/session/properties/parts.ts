import type { SessionFormat } from "sessionwire";
import type { CreateManager, SessionWorldOptions } from "sessionwire/testing/properties";
import type { Subject } from "../../laws/law.ts";
import type { SessionSubject } from "../subject.ts";

export type FormatName = "native" | "express";

/** The parts of the package that a property is checked on: the real ones, or deliberately broken ones. */
export type Parts = Subject & SessionSubject;

export function createFormat(parts: Parts, name: FormatName): SessionFormat {
  return name === "express" ? parts.expressFormat() : parts.nativeFormat();
}

/** Managers of sessions in this format, for the contract of sessions. */
export function managersOf(parts: Parts, name: FormatName): CreateManager {
  return (options) => parts.createSessionManager({ ...options, format: createFormat(parts, name) });
}

/** What the contract works on. */
export function worldOf({ createGuardedHandler, createMemoryHandler }: Parts): SessionWorldOptions {
  return { createGuardedHandler, createStore: (clock) => createMemoryHandler({ clock }) };
}

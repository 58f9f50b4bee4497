import type { CreateManager, SessionWorldOptions } from "sessionwire/testing/properties";
import type { Subject } from "../../laws/law.ts";
import type { FormatName } from "../fixture.ts";
import type { SessionSubject } from "../subject.ts";

/** The parts of the package that a property is checked on: the real ones, or deliberately broken ones. */
export type Parts = Subject & SessionSubject;

/** Managers of sessions in this format. */
export function managersOf(parts: Parts, name: FormatName): CreateManager {
  const createFormat = name === "express" ? parts.expressFormat : parts.nativeFormat;
  return (options) => parts.createSessionManager({ ...options, format: createFormat() });
}

/** The store and the networks of the contract of sessions. */
export function worldOf({ createGuardedHandler, createMemoryHandler }: Parts): SessionWorldOptions {
  return { createGuardedHandler, createStore: (clock) => createMemoryHandler({ clock }) };
}

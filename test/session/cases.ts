import type { SessionFormat } from "sessionwire/backend";
import { type ConformanceCase, sessionCases } from "sessionwire/testing";
import { storeCases } from "../express/store-cases.ts";
import type { SessionSubject } from "./subject.ts";

/** The laws of sessions in each of our formats, and those of the store for express-session on them, by what they are about. */
export function casesOf(subject: SessionSubject): Readonly<Record<string, readonly ConformanceCase[]>> {
  const inFormat = (createFormat: () => SessionFormat) =>
    sessionCases({ createManager: subject.createSessionManager, createFormat });
  return {
    "sessions in the native format": inFormat(subject.nativeFormat),
    "sessions in the format of express-session": inFormat(subject.expressFormat),
    "sessions behind express-session": storeCases(subject),
  };
}

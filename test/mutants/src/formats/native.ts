import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 96,
    bug: "each use of the old id prolongs its grace period",
    from: "Math.ceil((record.forward.until - now) / 1000)",
    to: "idleTimeoutSeconds",
  },
  {
    breaks: 144,
    bug: "the idle timeout of one session is that of the manager",
    from: 'ownLimit(record, "idleTimeoutSeconds") ?? ',
    to: "",
  },
  {
    breaks: 144,
    bug: "the idle timeout of one session is used for another",
    from: "const seconds = metadata.get(name);",
    to: "const seconds = metadata.get(name) ?? Reflect.get(metadataOf, name);\n  Reflect.set(metadataOf, name, seconds);",
  },
  {
    breaks: 144,
    bug: "a save loses the limits of a session",
    from: 'new Map(record.metadata).set("updatedAt", now)',
    to: 'metadataOf(record.metadata.get("createdAt") ?? null, now)',
  },
];

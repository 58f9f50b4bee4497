import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 122,
    bug: "messages name sessions by their keys",
    from: "keyHash: this.hashOf(key), from",
    to: "keyHash: key, from",
  },
  {
    breaks: 123,
    bug: "an operation fails with the channel",
    from: "} catch {",
    to: "} catch (error) {\n        throw error;",
  },
];

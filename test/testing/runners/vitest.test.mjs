import { defineCases } from "sessionwire/testing";
import { describe, it } from "vitest";
import { cases } from "./suite.mjs";

defineCases("a handler", cases(), { describe, it });

import { describe, it } from "node:test";
import { defineCases } from "sessionwire/testing";
import { cases } from "./suite.mjs";

defineCases("a handler", cases(), { describe, it });

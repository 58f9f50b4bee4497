import { defineCases } from "sessionwire/testing";
import { cases } from "./suite.mjs";

const { describe, it } = globalThis;
defineCases("a handler", cases(), { describe, it });

import * as symfony from "sessionwire/symfony";
import { defineCases } from "sessionwire/testing";
import { describe, it } from "vitest";
import { formatCases } from "./format-cases.ts";
import { referenceCases } from "./reference-cases.ts";

defineCases("the formats of PHP", [...formatCases(symfony), ...referenceCases(symfony)], { describe, it });

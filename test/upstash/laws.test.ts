import { defineCases } from "sessionwire/testing";
import { createUpstashHandler } from "sessionwire/upstash";
import { describe, test } from "vitest";
import { casesOf } from "../conformance/cases.ts";
import { upstashLaws } from "./laws.ts";
import { openScene } from "./scene.ts";

const { server } = await openScene();

defineCases("on a real server", casesOf(upstashLaws, { createUpstashHandler, server }), { describe, it: test });

import { createRedisHandler } from "sessionwire/redis";
import { defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { casesOf } from "../conformance/cases.ts";
import { redisLaws } from "./laws.ts";

const cases = casesOf(redisLaws, { createRedisHandler });
defineCases("on a real server", cases, { describe, it: test });

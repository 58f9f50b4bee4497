import { createMemcachedHandler } from "sessionwire/memcached";
import { defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { casesOf } from "../conformance/cases.ts";
import { memcachedLaws } from "./laws.ts";

const cases = casesOf(memcachedLaws, { createMemcachedHandler });
defineCases("on a real server", cases, { describe, it: test });

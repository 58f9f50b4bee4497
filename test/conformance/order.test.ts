import { expectNoEscapes } from "../redis/escapes.ts";
import { describeOrder } from "./networked.ts";
import { redis } from "./stores/redis.ts";
import { upstash } from "./stores/upstash.ts";

expectNoEscapes();

// Memcached has it beside its other tests: its versions are the most intricate.
describeOrder("Redis", redis);
describeOrder("Upstash", upstash);

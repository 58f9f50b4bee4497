import { describeOrder } from "../conformance/networked.ts";
import { memcached } from "../conformance/stores/memcached.ts";
import { expectNoEscapes } from "../redis/escapes.ts";

expectNoEscapes();

describeOrder("Memcached", memcached);

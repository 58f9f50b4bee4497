import { useValkey } from "../servers/valkey-binary.ts";
import { testCompareAndSet } from "./compare-and-set.ts";

testCompareAndSet(Number.parseInt(useValkey(), 10) >= 9 ? "delifeq" : undefined);

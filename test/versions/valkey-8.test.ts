import { testCompareAndSet } from "../valkey/compare-and-set.ts";
import { useVersion, versions } from "./servers.ts";

console.info(`${versions.valkeyWithoutDelifeq.name}: ${useVersion(versions.valkeyWithoutDelifeq)}`);
testCompareAndSet(undefined);

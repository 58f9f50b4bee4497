import type { PaperCheck } from "./paper/check.ts";
import { endingChecks } from "./paper/endings.ts";
import { handshakeChecks } from "./paper/handshakes.ts";
import { trafficChecks } from "./paper/traffic.ts";

export const paperChecks: readonly PaperCheck[] = [...handshakeChecks, ...endingChecks, ...trafficChecks];

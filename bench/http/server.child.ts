import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveQuestions } from "../tools/children.ts";
import { collectYoung } from "../tools/collect.ts";
import type { OpenSite } from "./site.ts";

// A server of bench/http.ts, in a separate process, chosen by FRAMEWORK and VARIANT.

/** The address of a server, and the cookies of its sessions. */
export interface SiteAddress {
  readonly port: number;
  readonly cookies: readonly string[];
}

const { FRAMEWORK = "", VARIANT = "", REDIS_URL = "", SESSIONS = "" } = process.env;
const openers: Readonly<Record<string, OpenSite>> = await import(`./${FRAMEWORK}.ts`);
const open = openers[VARIANT];
if (open === undefined) throw new Error(`There is no ${VARIANT} of ${FRAMEWORK}.`);
const site = await open({ url: REDIS_URL, sessions: Number(SESSIONS), prefix: `${FRAMEWORK}-${VARIANT}:` });
const server = createServer(site.listener).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
const address: SiteAddress = { port, cookies: site.cookies };
serveQuestions(address, (question) => (question === "collect" ? collectYoung() : site.total()));

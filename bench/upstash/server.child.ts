import { startUpstash } from "../../test/servers/upstash-server.ts";
import { serveQuestions } from "../tools/children.ts";

/** The address of the server, and that of the Redis behind it. */
export interface UpstashAddress {
  readonly url: string;
  readonly token: string;
  readonly redisUrl: string;
}

const { url, token, redis } = await startUpstash();
const address: UpstashAddress = { url, token, redisUrl: redis.url };
serveQuestions(address, () => {});

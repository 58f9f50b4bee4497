import { type RedisServer, startRedis } from "../../test/servers/redis-server.ts";
import { useVersion, versions } from "../../test/versions/servers.ts";

/** Starts a Valkey that compares by itself (`SET … IFEQ`), if one is available; the first start downloads it. */
export async function startValkey(): Promise<RedisServer | undefined> {
  const { PATH } = process.env;
  try {
    useVersion(versions.valkey);
    return await startRedis();
  } catch (error) {
    console.log(`Without Valkey: ${error instanceof Error ? error.message : error}`);
    return undefined;
  } finally {
    process.env.PATH = PATH;
  }
}

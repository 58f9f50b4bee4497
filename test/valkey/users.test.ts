import { createRedisHandler } from "sessionwire/redis";
import { openScene } from "../redis/scene.ts";
import { useValkey } from "../servers/valkey-binary.ts";
import { testUsers } from "../session/user-checks.ts";

useValkey();
const { server } = await openScene();
testUsers(() => createRedisHandler(server.url));

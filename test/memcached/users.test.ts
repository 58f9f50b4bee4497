import { createMemcachedHandler } from "sessionwire/memcached";
import { testUsers } from "../session/user-checks.ts";
import { openScene } from "./scene.ts";

const { server } = await openScene();
testUsers(() => createMemcachedHandler(server.address));

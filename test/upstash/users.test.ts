import { createUpstashHandler } from "sessionwire/upstash";
import { testUsers } from "../session/user-checks.ts";
import { openScene } from "./scene.ts";

const { source } = await openScene();
testUsers(() => createUpstashHandler(source));

import { join } from "node:path";
import { ofEveryProject } from "../../projects.ts";

/** Runs as all tests do, but for what they need to have been obtained. */
export default {
  test: { ...ofEveryProject, root: join(import.meta.dirname, "../.."), include: ["stalls/sample/*.sample.ts"] },
};

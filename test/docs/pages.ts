import { readdirSync } from "node:fs";
import { join } from "node:path";

export const root: string = join(import.meta.dirname, "../..");

/** The pages below `docs/`, without those of the packages that make the site. */
export const docs: readonly string[] = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md") && !file.startsWith("site/"))
  .map((file) => join("docs", file));

import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The things that the text of a page may name. */
export interface KnownNames {
  /** The folder with the files. */
  readonly root: string;
  /** The scripts of `npm run`. */
  readonly scripts: readonly string[];
  /** The names by which the package is imported. */
  readonly imports: readonly string[];
}

/** Returns the files, `npm run` scripts and imports of the package that a Markdown text names and that do not exist, in order. */
export function unknownNamesIn(markdown: string, { root, scripts, imports }: KnownNames): string[] {
  const added = allOf(markdown, /^\/\/ adapters\/([\w.-]+)\.ts$/gm).map((adapter) => `sessionwire/${adapter}`); // by a program of the page
  const paths = allOf(markdown, /`((?:adapters|bench|docs|examples|src|test)\/[\w./*-]*)`/g);
  return [
    ...paths.filter((path) => !isThere(join(root, path))),
    ...allOf(markdown, /\bnpm run (?:--silent )?([a-z][\w:-]*)/g).filter((script) => !scripts.includes(script)),
    ...allOf(markdown, /["'`](sessionwire(?:\/[\w.-]+)*)["'`]/g).filter(
      (name) => ![...imports, ...added].includes(name),
    ),
  ];
}

function allOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

/** Says that a file or folder exists, or one whose name fits where the last part of the path has a `*`. */
function isThere(path: string): boolean {
  if (!path.includes("*")) return existsSync(path);
  const parts = basename(path)
    .split("*")
    .map((part) => part.replace(/[.]/g, "\\."));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  return existsSync(dirname(path)) && readdirSync(dirname(path)).some((name) => pattern.test(name));
}

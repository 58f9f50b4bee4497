import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/**
 * Reads the Markdown pages of a repository: the README, `docs/index.md`, and then the others in the order in which that page
 * lists them. Its headings are the sections.
 */
export function readPages(root) {
  const sections = sectionsOf(readFileSync(join(root, "docs/index.md"), "utf8"));
  const [first] = sections.values();
  const paths = pathsOfPages(root);
  const listed = ["README.md", "docs/index.md", ...sections.keys()].filter((path) => paths.includes(path));
  return [...new Set([...listed, ...paths])].map((path) => readPage(root, path, sections.get(path) ?? first));
}

/** The section of each page that `docs/index.md` links to, in order. */
function sectionsOf(index) {
  const [, ...parts] = index.split(/^## /m);
  return new Map(
    parts.flatMap((part) => {
      const [section] = part.split("\n", 1);
      const links = [...part.matchAll(/\]\(([^)\s#:]+\.md)/g)];
      return links.map(([, link]) => [posix.join("docs", link), section]);
    }),
  );
}

function pathsOfPages(root) {
  const below = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((path) => `docs/${path}`);
  const isPage = (path) => path.endsWith(".md") && !path.startsWith("docs/site/");
  return [...readdirSync(root), ...below].filter(isPage).sort();
}

function readPage(root, path, section) {
  const text = readFileSync(join(root, path), "utf8");
  const title = /^# (.+)$/m.exec(text)?.[1].replaceAll("`", "");
  if (title === undefined) throw new Error(`${path} has no heading of the first level.`);
  return { path, text, title, section, summary: summaryOf(text) };
}

/** The first sentence below the title, without links. */
function summaryOf(text) {
  const [, paragraph = ""] = /^# .+\n+((?!```)[\w[`*@].*(?:\n.+)*)/m.exec(text) ?? [];
  return firstSentenceOf(paragraph.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1").replaceAll("**", ""));
}

/** With a full stop where a list or a program follows. */
export function firstSentenceOf(text) {
  const [sentence = ""] = /^.*?[.:](?= |$)/.exec(text.trim().replace(/\s+/g, " ")) ?? [];
  return sentence.replace(/:$/, ".");
}

import { readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";

/**
 * Writes what programs read that know no HTML: `llms.txt`, an index in the format of llmstxt.org, and `llms-full.txt`, all pages
 * of that index in one.
 */
export function writeLlmsFiles(out, { name, description, sections }) {
  const lists = sections.map(({ title, entries }) => `## ${title}\n\n${entries.map(entryOf).join("\n")}\n`);
  writeFileSync(join(out, "llms.txt"), [`# ${name}\n`, `> ${description}\n`, ...lists].join("\n"));
  const paths = sections.flatMap(({ entries }) => entries.map(({ path }) => path));
  const texts = paths.map((path) => linkedFromRoot(readFileSync(join(out, path), "utf8").trim(), path));
  writeFileSync(join(out, "llms-full.txt"), `${texts.join("\n\n")}\n`);
}

function entryOf({ title, path, summary }) {
  return `- [${title}](${path})${summary && `: ${summary}`}`;
}

/** The text of a page with its relative links as they are from the folder above all pages. */
function linkedFromRoot(text, path) {
  const link = /(?<=\]\()(?![a-z]+:)[^)\s]+/g;
  const parts = text.split(/^```/m).map((part, index) => {
    const isProgram = index % 2 === 1;
    return isProgram ? part : part.replace(link, fromRoot);
  });
  return parts.join("```");

  function fromRoot(target) {
    return target.startsWith("#") ? path + target : posix.join(posix.dirname(path), target);
  }
}

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** A link of a page that leads nowhere. */
export interface BrokenLink {
  readonly page: string;
  readonly target: string;
  readonly reason: string;
}

/** Checks each relative link and each anchor of a page. Links to other hosts are not followed. */
export function brokenLinksIn(root: string, page: string): BrokenLink[] {
  const targets = linksIn(readFileSync(join(root, page), "utf8"));
  return targets.flatMap((target) => {
    const reason = reasonAgainst(root, page, target);
    return reason === undefined ? [] : [{ page, target, reason }];
  });
}

/** Returns the pages that a page links to, by their paths from the root. */
export function pagesLinkedFrom(root: string, page: string): string[] {
  const paths = linksIn(readFileSync(join(root, page), "utf8"))
    .filter(isRelative)
    .map(splitTarget);
  return paths.filter(({ path }) => path.endsWith(".md")).map(({ path }) => join(dirname(page), path));
}

/** Returns the targets of all links and pictures of a Markdown text, in Markdown and in HTML, in order. */
export function linksIn(markdown: string): string[] {
  const text = withoutCode(markdown);
  const links =
    /\]\(<?([^()\s>]+(?:\([^()\s]*\)[^()\s>]*)*)>?(?:\s+"[^"]*")?\)|^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)|\b(?:href|src)="([^"]+)"/gm;
  return [...text.matchAll(links)].map(([, inline, reference, html]) => inline ?? reference ?? html ?? "");
}

/** Returns the anchors of the headings of a Markdown text, as GitHub makes them. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const headings = markdown.replace(fences, "").matchAll(/^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/gm);
  for (const [, heading = ""] of headings) {
    const anchor = slug(heading);
    let free = anchor;
    for (let number = 1; anchors.has(free); number += 1) free = `${anchor}-${number}`;
    anchors.add(free);
  }
  return anchors;
}

const fences = /^ {0,3}(```+|~~~+)[^\n]*\n.*?^ {0,3}\1[`~]*[ \t]*$/gms;

function withoutCode(markdown: string): string {
  return markdown.replace(fences, "").replace(/(`+)(?!`).*?[^`]\1(?!`)/gs, "");
}

function slug(heading: string): string {
  const text = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/<[^>]+>/g, "");
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

function reasonAgainst(root: string, page: string, target: string): string | undefined {
  if (!isRelative(target)) return undefined;
  const { path, anchor } = splitTarget(target);
  const file = path === "" ? join(root, page) : join(root, dirname(page), path);
  if (relative(root, file).startsWith("..")) return "leads out of the repository";
  if (!existsSync(file)) return "is not there";
  if (anchor === undefined) return undefined;
  if (statSync(file).isDirectory() || !file.endsWith(".md")) return "has no headings";
  return anchorsOf(readFileSync(file, "utf8")).has(anchor) ? undefined : "has no such heading";
}

function isRelative(target: string): boolean {
  return !/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(target);
}

function splitTarget(target: string): { readonly path: string; readonly anchor: string | undefined } {
  const [path = "", anchor] = target.split("#");
  return { path: decodeURIComponent(path), anchor: anchor === undefined ? undefined : decodeURIComponent(anchor) };
}

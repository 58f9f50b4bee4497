import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, brokenLinksIn, linksIn, pagesLinkedFrom } from "./links.ts";
import { docs, root } from "./pages.ts";

const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...docs];

test.each(pages)("every relative link of %s leads to a file, and every anchor to a heading", (page) => {
  expect(brokenLinksIn(root, page)).toEqual([]);
});

test("docs/index.md leads to every page", () => {
  const linked = new Set(pagesLinkedFrom(root, "docs/index.md"));
  expect(pages.filter((page) => page !== "docs/index.md" && !linked.has(page))).toEqual([]);
});

test("every page begins with a heading of its own", () => {
  const headings = docs.map((page) => [...anchorsOf(readFileSync(join(root, page), "utf8"))][0]);
  expect(headings.filter((heading) => heading === undefined)).toEqual([]);
  expect(new Set(headings).size).toBe(docs.length);
});

test("the pages are called in kebab-case", () => {
  expect(docs.filter((page) => !/^docs\/(stores\/)?[a-z]+(-[a-z]+)*\.md$/.test(page))).toEqual([]);
});

test("a link is found wherever it stands, and not in code", () => {
  const text = [
    '[one](one.md) and ![two](two.png "a picture"), [three](<three.md>), [`four`](four.md#a)',
    '[five](https://example.org/a_(b)), <a href="six.md">six</a>',
    "[seven]: seven.md",
    "`[no](no.md)`, ``a ` [no](no.md)``",
    "```md",
    "[no](no.md)",
    "```",
    "[eight](eight.md)",
  ].join("\n");
  const targets = [
    "one.md",
    "two.png",
    "three.md",
    "four.md#a",
    "https://example.org/a_(b)",
    "six.md",
    "seven.md",
    "eight.md",
  ];
  expect(linksIn(text)).toEqual(targets);
});

test("a heading has the anchor that GitHub gives it", () => {
  const text =
    "# A `code`, and [a link](x.md)!\n\n```sh\n# a comment\n```\n## Émile's 2 a_b – c\n## Same\n### Same ##\n";
  expect([...anchorsOf(text)]).toEqual(["a-code-and-a-link", "émiles-2-a_b--c", "same", "same-1"]);
});

test("a link that leads nowhere is found", () => {
  const folder = mkdtempSync(join(tmpdir(), "links-"));
  try {
    mkdirSync(join(folder, "docs"));
    writeFileSync(
      join(folder, "README.md"),
      "# Here\n\n[page](docs/page.md#there) [docs](docs) [here](#here) [mail](mailto:a@example.org)\n",
    );
    writeFileSync(
      join(folder, "docs/page.md"),
      "# There\n\n[a](../README.md#nowhere) [b](Page.md) [c](../../etc/hosts) [d](#gone) [e](https://example.org/x.md)\n",
    );
    expect(brokenLinksIn(folder, "README.md")).toEqual([]);
    expect(brokenLinksIn(folder, "docs/page.md")).toEqual([
      { page: "docs/page.md", target: "../README.md#nowhere", reason: "has no such heading" },
      { page: "docs/page.md", target: "Page.md", reason: "is not there" },
      { page: "docs/page.md", target: "../../etc/hosts", reason: "leads out of the repository" },
      { page: "docs/page.md", target: "#gone", reason: "has no such heading" },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { openPerson } from "../browser/person.ts";
import { brokenLinksIn, pagesLinkedFrom } from "../docs/links.ts";
import { docs, root } from "../docs/pages.ts";
import { complaintsAbout, makeSite, readSite, siteFolder } from "./make-site.ts";
import { badReferencesIn, hostsIn, type SiteFiles } from "./references.ts";

const { exports, description } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** Without their extension. */
const guides = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ...docs].map((file) =>
  file.slice(0, -3),
);
const references = Object.keys(exports)
  .filter((subpath) => !subpath.endsWith(".json"))
  .map((subpath) => `api/sessionwire${subpath.slice(1)}`);

let browser: Browser;
let files: SiteFiles;

beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), makeSite()]);
  files = await readSite();
}, 300_000);
afterAll(() => browser?.close());

describe("the site of the documentation", () => {
  test("has a page for each Markdown page and for each subpath, as HTML and as Markdown", () => {
    const paths = [...files.keys()];
    const pages = [...guides, ...references];
    expect(paths).toEqual(expect.arrayContaining(pages.map((page) => `${page}.md`)));
    const asHtml = pages.map((page) => `${page === "README" ? "index" : page}.html`);
    expect(paths).toEqual(expect.arrayContaining(asHtml));
  });

  test("has no link, anchor or asset that leads nowhere, and loads nothing from another host", () => {
    expect(badReferencesIn(files)).toEqual([]);
    const styles = [...files].filter(([path]) => path.endsWith(".css"));
    expect(styles.flatMap(([, text]) => hostsIn(text))).toEqual([]);
  });

  test("has an index in the format of llms.txt, of pages in Markdown whose links lead somewhere", () => {
    const [title, , quote, ...rest] = (files.get("llms.txt") ?? "").trim().split("\n");
    expect([title, quote]).toEqual(["# sessionwire", `> ${description}`]);
    for (const line of rest) expect(line).toMatch(/^(|## .+|- \[.+\]\(\S+\.md\)(: .+)?)$/);
    expect(rest.filter((line) => line.includes("](api/") && !line.includes("): "))).toEqual([]);
    const listed = pagesLinkedFrom(siteFolder, "llms.txt");
    expect(listed.toSorted()).toEqual([...guides, ...references].map((page) => `${page}.md`).toSorted());
    for (const page of listed) expect(brokenLinksIn(siteFolder, page)).toEqual([]);
  });

  test("has all of these pages in one file, whose links lead somewhere", () => {
    const lines = new Set((files.get("llms-full.txt") ?? "").split("\n"));
    for (const page of pagesLinkedFrom(siteFolder, "llms.txt")) {
      const ofPage = (files.get(page) ?? "").split("\n").filter((line) => !line.includes("]("));
      expect(ofPage.filter((line) => !lines.has(line))).toEqual([]);
    }
    expect(brokenLinksIn(siteFolder, "llms-full.txt")).toEqual([]);
  });

  test("is read and searched in a browser without any server, and asks no host for anything", async () => {
    await using reader = await openPerson(browser);
    const requested: string[] = [];
    reader.context.on("request", (request) => requested.push(request.url()));
    await reader.context.setOffline(true);
    const { page } = await reader.open(pageUrl("index.html"));
    const title = page.locator("h1").first();
    expect(await title.textContent()).toBe("sessionwire");
    await page.locator("nav").getByText("API reference").waitFor();

    await page.goto(pageUrl("docs/laws.html"));
    expect(await title.textContent()).toBe("The laws");
    await page.locator("table").first().waitFor();

    await page.keyboard.press("/");
    await page.keyboard.type("withConnectionCheck");
    await page.locator("#tsd-search-results a", { hasText: "sessionwire.withConnectionCheck" }).click();
    await page.waitForURL(pageUrl("api/sessionwire/withConnectionCheck.html"));
    expect(await title.textContent()).toBe("Function withConnectionCheck");
    await page.locator(".tsd-signature", { hasText: "withConnectionCheck" }).waitFor();

    for (const [words, url] of [
      ["vulnerability", "SECURITY.html"],
      ["curl", "index.html"],
    ] as const) {
      await page.keyboard.press("/");
      await page.locator("#tsd-search-input").fill(words);
      await page.locator(`#tsd-search-results a[href$="/${url}"]`).click();
      await page.waitForURL(pageUrl(url));
    }
    expect(requested.filter((url) => !url.startsWith("file:"))).toEqual([]);
    expect(reader.complaints).toEqual([]);
  }, 120_000);
});

test("a link of a page or a comment that leads nowhere stops the site from being made", async () => {
  const complaints = await complaintsAbout({
    "package.json": JSON.stringify({
      name: "toy",
      version: "1.0.0",
      description: "A toy.",
      repository: { url: "git+https://example.org/toy.git" },
      exports: { ".": { types: "./dist/src/index.d.ts" } },
    }),
    "docs/site/tsconfig.json": JSON.stringify({ compilerOptions: { types: [] }, include: ["../../src"] }),
    "src/index.ts":
      "/** Plays, see {@link Player} and {@link Played.twice}. */\nexport const play = 1;\n\n/** Rests. */\nexport const rest = 2;\n",
    "README.md": "# Toy\n\nSee [the index](docs/index.md#of-all).\n",
    "docs/index.md": "# Index\n\n## Begin\n\n- [Toy](../README.md), [nothing](nothing.md), [source](../src)\n",
  });
  expect(complaints).toContain('Failed to resolve link to "Player"');
  expect(complaints).toContain('Failed to resolve link to "Played.twice"');
  expect(complaints).toContain("docs/index.md#of-all, but the anchor does not exist");
  expect(complaints).toContain("docs/index.md links to nothing.md, which is not there.");
  expect(complaints.match(/\[(?:error|warning)\]/g)).toHaveLength(4);
}, 120_000);

test("a bad reference of a site is found, wherever it stands", () => {
  const site = new Map([
    [
      "index.html",
      '<a href="docs/a.html#there"><a href="docs/"><a href="https://example.org/"><img src="a%20b.png" alt="">',
    ],
    [
      "docs/a.html",
      '<h2 id="there"><a href=""><a href="../index.html"><a href="b.html"><a href="../#gone"><use href="#icon-a"/><use href="#icon-b"/>',
    ],
    [
      "docs/index.html",
      '<link rel="icon" href="//example.org/i.png"/><script src="https://example.org/x.js"></script>',
    ],
    ["a b.png", ""],
    ["assets/icons.js", '<symbol id="icon-a">'],
  ]);
  expect(badReferencesIn(site)).toEqual([
    { page: "docs/a.html", url: "b.html", reason: "is not there" },
    { page: "docs/a.html", url: "../#gone", reason: "has no such anchor" },
    { page: "docs/a.html", url: "#icon-b", reason: "has no such anchor" },
    { page: "docs/index.html", url: "//example.org/i.png", reason: "is of another host" },
    { page: "docs/index.html", url: "https://example.org/x.js", reason: "is of another host" },
  ]);
  expect(hostsIn('@import "https://a.example/x.css"; b { background: url(//b.example/y.png), url(z.png) }')).toEqual([
    "https://a.example/x.css",
    "//b.example/y.png",
  ]);
});

function pageUrl(path: string): string {
  return pathToFileURL(join(siteFolder, path)).href;
}

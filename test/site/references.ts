/** A reference of a page that leads nowhere, or that loads something from another host. */
export interface BadReference {
  readonly page: string;
  readonly url: string;
  readonly reason: string;
}

/** The files of a site by their paths, with their text. */
export type SiteFiles = ReadonlyMap<string, string>;

/** A host that no page can mean. */
const origin = "http://site.invalid";

/** Checks all links, anchors and assets of the pages of a site. Only a link may lead to another host. */
export function badReferencesIn(files: SiteFiles): BadReference[] {
  const anchors = new Map([...files].map(([path, text]) => [path, idsIn(text)]));
  const pages = [...files].filter(([path]) => path.endsWith(".html"));
  return pages.flatMap(([page, html]) =>
    referencesIn(html).flatMap((reference) => {
      const reason = reasonAgainst(page, reference, anchors);
      return reason === undefined ? [] : [{ page, url: reference.url, reason }];
    }),
  );
}

/** Returns the addresses of other hosts from which a style sheet loads something. */
export function hostsIn(css: string): string[] {
  const loads = /(?:@import\s+|url\()\s*["']?((?:[a-z]+:)?\/\/[^"')\s]+)/gi;
  return [...css.matchAll(loads)].map(([, url = ""]) => url);
}

interface Reference {
  readonly element: string;
  readonly url: string;
}

function referencesIn(html: string): Reference[] {
  return [...html.matchAll(/<([a-z][\w-]*)(\s[^>]*)>/gi)].flatMap(([, element = "", attributes = ""]) => {
    const urls = [...attributes.matchAll(/\s(?:href|src|poster|data|action)="([^"]*)"/g)];
    return urls.map(([, url = ""]) => ({ element, url: url.replaceAll("&amp;", "&") }));
  });
}

function idsIn(text: string): Set<string> {
  return new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => id));
}

function reasonAgainst(
  page: string,
  { element, url }: Reference,
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const target = new URL(url, `${origin}/${page}`);
  if (target.origin !== origin)
    return element === "a" || target.protocol === "data:" ? undefined : "is of another host";
  const path = decodeURIComponent(target.pathname.slice(1)).replace(/(^|\/)$/, "$1index.html");
  const ids = anchors.get(path);
  if (ids === undefined) return "is not there";
  const id = decodeURIComponent(target.hash.slice(1));
  // A script puts the icons into each page.
  const found = element === "use" ? anchors.get("assets/icons.js") : ids;
  return id === "" || found?.has(id) ? undefined : "has no such anchor";
}

import { existsSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import {
  Comment,
  CommentTag,
  Converter,
  IndexEvent,
  PageEvent,
  PageKind,
  ReflectionKind,
  StructureRouter,
} from "typedoc";
import { ModuleRouter } from "typedoc-plugin-markdown";

export const REFERENCE = "API reference";

/** The names of the routers: a page of the reference for each export, or for each subpath. */
export const routers = { html: "pages", markdown: "subpaths" };

/** Names what TypeDoc has found as the package and its pages name it, and puts it where the repository has it. */
export function siteOf({ root, pages, subpaths, repository }) {
  return (app) => {
    const pathOf = (document) => relative(root, document.project.files.getReflectionPath(document));
    app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection) => {
      if (reflection.kindOf(ReflectionKind.Module)) nameModule(reflection, subpaths);
    });
    app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
      const { title, section } = pages.find(({ path }) => path === pathOf(document));
      document.name = title;
      document.frontmatter.category = section;
      document.relevanceBoost = 2; // a page says a word more often than a comment, and counts less for it
    });
    app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
      const contents = [
        ["README.md", project.readme],
        ...project.documents.map((each) => [pathOf(each), each.content]),
      ];
      for (const [page, parts] of contents) for (const part of parts) leadIntoRepository(part, page, project.files);
    });
    app.converter.addUnknownSymbolResolver((reference, reflection) => publicSymbol(reference, reflection.project));
    app.renderer.on(IndexEvent.PREPARE_INDEX, (event) => addReadme(event, app.renderer.router));
    app.renderer.on(PageEvent.END, inlineIcons);
    app.renderer.defineRouter(routers.html, routed(StructureRouter, pathOf));
    app.renderer.defineRouter(routers.markdown, routed(AnchoredModuleRouter, pathOf));

    /** TypeDoc copies a file that a page links to. Pages link to sources and folders too, which are read in the repository. */
    function leadIntoRepository(part, page, files) {
      if (part.kind !== "relative-link") return;
      const path = files.resolvePath(part.target) ?? join(root, dirname(page), part.text);
      if (!existsSync(path)) app.logger.error(`${page} links to ${part.text}, which is not there.`);
      else if (![".md", ".png", ".svg"].includes(extname(path)))
        Object.assign(part, { kind: "text", text: `${repository}/blob/HEAD/${relative(root, path)}` });
    }
  };
}

function nameModule(reflection, subpaths) {
  reflection.name = subpaths.find(({ module }) => module === reflection.name).name;
  reflection.comment ??= new Comment();
  reflection.comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text: REFERENCE }]));
}

/** Pages keep their paths; the reference is below `api`. The README is the first page, instead of an index of all exports. */
function routed(Router, pathOf) {
  return class extends Router {
    buildPages(project) {
      const pages = super.buildPages(project).filter(({ kind, model }) => kind === PageKind.Index || model !== project);
      this.fullUrls.set(project, pages[0].url);
      return pages;
    }

    getIdealBaseName(reflection) {
      if (reflection.isDocument()) return pathOf(reflection).replace(/\.md$/, "");
      return `api/${super.getIdealBaseName(reflection)}`;
    }
  };
}

/**
 * The symbol that a link names. TypeDoc finds those that the file of the comment imports; a comment may speak of all that the
 * package exports.
 */
function publicSymbol({ symbolReference, moduleSource }, project) {
  if (moduleSource !== undefined || !symbolReference?.path) return undefined;
  const path = symbolReference.path.map((part) => part.path);
  const found = project.children.flatMap((module) => module.getChildByName(path) ?? []);
  const declared = new Set(
    found.map((reflection) => (reflection.isReference() ? reflection.getTargetReflectionDeep() : reflection)),
  );
  return declared.size === 1 ? { target: [...declared][0] } : undefined;
}

/**
 * `ModuleRouter` makes each anchor of a member twice, and counts the first one, which no heading has: `SessionError.code` for
 * one, so that `SessionErrorCode` would be the second of its name.
 */
class AnchoredModuleRouter extends ModuleRouter {
  buildAnchors(target, page) {
    if (target.parent === page || !page.kindOf(ReflectionKind.Module)) super.buildAnchors(target, page);
  }
}

/** A browser loads no icon from another file unless there is a server. `icons.js` has put the icons into each page anyway. */
function inlineIcons(page) {
  page.contents = page.contents.replace(/href="[^"]*assets\/icons\.svg#/g, 'href="#');
}

/** TypeDoc makes the README the first page, and finds nothing that is on it. */
function addReadme(event, router) {
  const { project } = [...router.getLinkTargets()][0];
  event.searchFields[event.searchResults.length] = { document: Comment.combineDisplayParts(project.readme) };
  event.searchResults.push(project);
}

import type { RequestHandler } from "express";

/** Tells the browser what the page may do: nothing but what it is made of. No script or style within the page runs. */
export const setSecurityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin", // with no referrer at all, the forms would come without an origin
    "Cache-Control": "no-store",
  });
  next();
};

/**
 * Refuses what a page of somebody else has sent with the cookie of our user. Browsers say where a request comes from: all of today's
 * by `Sec-Fetch-Site`, which they send to HTTPS and to localhost, and all others by `Origin`. The cookie is
 * `SameSite=Lax` as well, but to that every port of a host is the same site. (OWASP CSRF Prevention Cheat Sheet, "Fetch Metadata")
 */
export function refuseForeignPosts(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    if (request.method === "GET" || request.method === "HEAD" || isOwn(request.headers, origins)) next();
    else response.status(403).type("text").send("This request came from another page.\n");
  };
}

function isOwn(headers: { readonly [name: string]: unknown }, origins: readonly string[]): boolean {
  const { origin, "sec-fetch-site": site } = headers;
  if (site !== undefined) return site === "same-origin";
  return typeof origin === "string" && origins.includes(origin);
}

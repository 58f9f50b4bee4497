import type { RequestHandler } from "express";

/** Tells the browser what the page may do: only what its own parts need. No inline script or style runs. */
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
    "Referrer-Policy": "same-origin", // without any referrer, the forms would arrive without an origin
    "Cache-Control": "no-store",
  });
  next();
};

/**
 * Refuses requests that a page of another site has sent with our user's cookie. Browsers state where a request comes
 * from: all current ones with `Sec-Fetch-Site`, which they send to HTTPS and to localhost, and all others with
 * `Origin`. The cookie is also `SameSite=Lax`, but for that, every port of a host is the same site. (OWASP CSRF
 * Prevention Cheat Sheet, "Fetch Metadata")
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

// Each client is imported only here, and within `try`, so that bundlers treat a missing one as optional.

export async function loadIoredis(): Promise<Pick<typeof import("ioredis"), "Redis" | "Cluster">> {
  try {
    return await import("ioredis");
  } catch (cause) {
    throw failureOf("ioredis", cause);
  }
}

export async function loadMemjs(): Promise<Pick<typeof import("memjs"), "Server" | "Utils">> {
  try {
    return await import("memjs");
  } catch (cause) {
    throw failureOf("memjs", cause);
  }
}

/** Names the package to install if the client is missing. */
function failureOf(client: string, cause: unknown): unknown {
  if (!isMissing(cause)) return cause;
  return new TypeError(`This store needs the package ${client}: npm install ${client}`, { cause });
}

/** `require` reports another code than `import`, and a bundler may have replaced one by the other. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code));
}

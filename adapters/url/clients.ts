// Each client is imported here and nowhere else, and within `try`: so bundlers take one that is not installed for optional.

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

/** Says what to install where the client is missing. */
function failureOf(client: string, cause: unknown): unknown {
  if (!isMissing(cause)) return cause;
  return new TypeError(`This store needs the package ${client}: npm install ${client}`, { cause });
}

/** `require` has another code for it than `import`; bundlers may have put one in the place of the other. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code));
}

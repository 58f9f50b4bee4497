/** Says what to install where the client is missing. */
export async function loading<Module>(client: string, module: Promise<Module>): Promise<Module> {
  try {
    return await module;
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new TypeError(`This store needs the package ${client}: npm install ${client}`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}

/** What a promise comes to, or `"late"` where it does not settle within the time. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a check fails. One that does not end has failed, too. */
export async function isRefuted(check: () => Promise<unknown>, limitMs = 3000): Promise<boolean> {
  try {
    return (await within(limitMs, check())) === "late";
  } catch {
    return true;
  }
}

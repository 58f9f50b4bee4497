/** Encodes text as UTF-8. */
export const encoder: InstanceType<typeof TextEncoder> = new TextEncoder();

/** Decodes UTF-8, with U+FFFD in place of what is not. */
export const decoder: InstanceType<typeof TextDecoder> = new TextDecoder();

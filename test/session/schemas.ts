import { type } from "arktype";
import type { SessionSchema } from "sessionwire";
import * as v from "valibot";
import * as z from "zod";

/** The attributes of an account, as three libraries describe them. */
export interface Account {
  user?: { name: string } | undefined;
  visits?: number | undefined;
}

export const accountByZod = z.object({
  user: z.object({ name: z.string().trim().min(1) }).optional(),
  visits: z.number().int().optional(),
});

export const accountByValibot = v.object({
  user: v.optional(v.object({ name: v.pipe(v.string(), v.trim(), v.minLength(1)) })),
  visits: v.optional(v.pipe(v.number(), v.integer())),
});

export const accountByArktype = type({
  "+": "delete",
  "user?": { "+": "delete", name: type("string.trim").to("string > 0") },
  "visits?": "number.integer",
});

export const accountSchemas: readonly (readonly [string, SessionSchema<Account>])[] = [
  ["zod", accountByZod],
  ["valibot", accountByValibot],
  ["arktype", accountByArktype as SessionSchema<Account>],
];

import * as v from "valibot";
import * as z from "zod";

/** The attributes as the application had them. */
export const oldVersion = {
  schema: z.object({
    name: z.string(),
    coupon: z.string().optional(),
    byOld: z.number().int().optional(),
  }),
};

/** The attributes as it has them now: `theme` is added, `name` is renamed and `coupon` removed. */
export const newVersion = {
  schema: v.object({
    displayName: v.string(),
    theme: v.optional(v.picklist(["light", "dark"])),
    byNew: v.optional(v.pipe(v.number(), v.integer())),
  }),
  onInvalid: ({ name, coupon, ...others }: Record<string, unknown>): object => ({ ...others, displayName: name }),
};

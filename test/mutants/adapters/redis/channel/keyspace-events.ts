import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 121, bug: "what expires is not heard", from: '"expired", ', to: "" },
  { breaks: 121, bug: "what gets another name is not heard", from: ', "rename_from"', to: "" },
];

import { testEdits } from "./edit-tests.ts";

testEdits(Number(process.env.EDITS ?? 1000));

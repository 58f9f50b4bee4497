import { testEdits } from "./edit-tests.ts";

testEdits(300);

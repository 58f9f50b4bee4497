import { testEdits } from "./edit-tests.ts";

testEdits(5000);

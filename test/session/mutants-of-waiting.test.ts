import { testMutants } from "./mutants.ts";
import { mutantsOfWaiting } from "./mutants-of-waiting.ts";

testMutants(mutantsOfWaiting);

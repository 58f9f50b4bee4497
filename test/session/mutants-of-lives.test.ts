import { testMutants } from "./mutants.ts";
import { mutantsOfLives } from "./mutants-of-lives.ts";

testMutants(mutantsOfLives);

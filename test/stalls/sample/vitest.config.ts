import config from "../../vitest.config.ts";

/** As all tests are run, but for what they need to have been obtained. */
export default {
  test: { ...config.test, include: ["stalls/sample/*.sample.ts"], globalSetup: [] },
};

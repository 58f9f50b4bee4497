import { ofWorkers, type QuotedMutant } from "../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 38,
    bug: "a timer that is late makes an answer late that has arrived",
    from: "let cancel = clock.schedule(() => {\n    cancel = clock.schedule(run, 0);\n  }, 0)",
    to: "run();\n  const cancel = () => {}",
  },
  {
    breaks: 38,
    bug: "a deadline is put off again and again",
    from: "cancel = clock.schedule(run, 0)",
    to: "cancel = afterTwoTurns(clock, run)",
  },
  {
    breaks: 38,
    bug: "a deadline that is up is not called off any more",
    from: "}, 0);\n  return () => cancel()",
    to: "}, 0);\n  return cancel",
  },
  {
    breaks: 52,
    bug: "a process that stood still replaces a healthy connection",
    from: "let cancel = clock.schedule(() => {\n    cancel = clock.schedule(run, 0);\n  }, 0)",
    to: "run();\n  const cancel = () => {}",
  },
  {
    breaks: ofWorkers,
    bug: "requests share a timer, which ends with the one that has set it",
    from: 'navigator?.userAgent === "Cloudflare-Workers"',
    to: "navigator === null",
  },
];

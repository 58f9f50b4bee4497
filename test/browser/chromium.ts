import { type Browser, chromium } from "playwright-core";
import { findExecutable, installDebianPackages } from "../servers/debian.ts";

/** Vitest calls it once before the files of a project that needs it. */
export { obtainChromium as setup };

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * Makes sure that this machine has a Chromium, and throws an error with the line to type where it may not install one. A browser
 * that lies elsewhere can be named by `CHROMIUM_PATH`.
 */
export function obtainChromium(): void {
  if (findChromium() !== undefined) return;
  installDebianPackages(
    ["chromium"],
    "sudo apt-get install -y chromium (or set CHROMIUM_PATH to a Chromium or Chrome)",
  );
}

/** Without a display, and without any connection but those that a test makes. */
export async function launchChromium(): Promise<Browser> {
  obtainChromium();
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("The package chromium was installed, but has no browser in it.");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox", // which root has not
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

function findChromium(): string | undefined {
  return process.env.CHROMIUM_PATH || names.map(findExecutable).find((path) => path !== undefined);
}

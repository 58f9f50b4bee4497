import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** The size of a package as npm publishes it, in bytes. */
export interface TarballSize {
  readonly packed: number;
  readonly unpacked: number;
  readonly files: number;
}

/** Packs the package in this folder without writing anything. */
export async function measureTarball(folder = join(import.meta.dirname, "../..")): Promise<TarballSize> {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: folder });
  const [tarball] = Object.values<{ size: number; unpackedSize: number; entryCount: number }>(JSON.parse(stdout));
  if (tarball === undefined) throw new Error(`npm packs nothing in ${folder}.`);
  return { packed: tarball.size, unpacked: tarball.unpackedSize, files: tarball.entryCount };
}

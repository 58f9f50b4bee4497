import type { Floor } from "./floors.ts";
import { type Import, importsIn, type Sources } from "./imports.ts";

interface Room {
  readonly place: string;
  readonly floor: number;
  readonly imports: readonly string[];
}

/** The imports that the table does not allow, in words. */
export function findTrespasses(sources: Sources, floors: readonly Floor[]): string[] {
  const rooms = roomsOf(floors);
  return [...sources].flatMap(([file, source]) => {
    const room = roomOf(file, rooms);
    if (room === undefined) return [`${file} is in no room`];
    return importsIn(file, source)
      .filter((each) => !isAllowed(each, room, rooms))
      .map(({ of }) => `${file} must not import ${of}`);
  });
}

/** The entries of the table that allow what no file does. */
export function findUnusedEntries(sources: Sources, floors: readonly Floor[]): string[] {
  const rooms = roomsOf(floors);
  const used = new Set<string>();
  for (const [file, source] of sources) {
    const room = roomOf(file, rooms);
    for (const { of } of importsIn(file, source)) used.add(`${room?.place}: ${entryFor(of, room, rooms)}`);
  }
  const entries = rooms.flatMap(({ place, imports }) => imports.map((entry) => `${place}: ${entry}`));
  return entries.filter((entry) => !used.has(entry));
}

function isAllowed({ from, of }: Import, room: Room, rooms: readonly Room[]): boolean {
  const target = roomOf(of, rooms);
  if (target?.place === room.place) return true;
  const isOfCore = from.startsWith("src/") && of.startsWith("src/");
  if (!isOfCore && entryFor(of, room, rooms) === undefined) return false;
  return target === undefined || target.floor < room.floor || room.imports.includes("any file");
}

function entryFor(of: string, room: Room | undefined, rooms: readonly Room[]): string | undefined {
  const target = roomOf(of, rooms);
  const any = target ? "any file" : "any package";
  return room?.imports.find((entry) => entry === of || entry === target?.place || entry === any);
}

function roomsOf(floors: readonly Floor[]): Room[] {
  const rooms = floors.flatMap((each, floor) =>
    Object.entries(each).map(([place, imports]) => ({ place, floor, imports })),
  );
  return rooms.sort((a, b) => b.place.length - a.place.length); // so that the first that a file is in names it most closely
}

function roomOf(file: string, rooms: readonly Room[]): Room | undefined {
  return rooms.find(({ place }) => isIn(file, place));
}

/** `a/b/` also means the file `a/b.ts`, and `a/*.ts` no file of a folder below. */
function isIn(file: string, place: string): boolean {
  const [folder = "", ...rest] = place.split("*");
  if (rest.length > 0) return file.startsWith(folder) && !file.slice(folder.length).includes("/");
  return file.startsWith(place) || (place.endsWith("/") && file === `${place.slice(0, -1)}.ts`);
}

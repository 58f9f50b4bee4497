import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Mistake } from "../explain.ts";

const usualPort = 3000;
const triedPorts = 10;

/** Listens on the requested port, or else on the first free one from 3000 on. Returns the port. */
export async function listen(server: Server, host: string, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (await tryToListen(server, host, wanted)) return portOf(server);
    throw new Mistake(`Port ${wanted} is taken by another program. Choose another one: PORT=${wanted + 1} npm start`);
  }
  for (let port = usualPort; port < usualPort + triedPorts; port += 1) {
    if (await tryToListen(server, host, port)) return port;
    console.log(`Port ${port} is taken by another program; trying ${port + 1}.`);
  }
  throw new Mistake(`No port from ${usualPort} on is free. Choose one: PORT=8080 npm start`);
}

/** Tries to listen on a port, and returns `false` if it is taken. */
async function tryToListen(server: Server, host: string, port: number): Promise<boolean> {
  try {
    server.listen(port, host);
    await once(server, "listening"); // rejects if there is an error instead
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") return false;
    throw new Mistake(`This program cannot listen on ${host}, port ${port} (${code}).`);
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // the address of a listening TCP server is of this type
}

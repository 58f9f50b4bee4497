import { type ChatProcess, failToStartChat, startChat } from "./chat-process.ts";

/** The example with Symfony: the application, its chat and, unless the environment names one, a Redis. */
export interface SymfonyProcess extends AsyncDisposable, Pick<ChatProcess, "url" | "errors" | "output" | "end"> {}

const program = "examples/symfony/main.ts";

/** Starts it as `npm run start:symfony` does. It is ended gently, because it has to end the others. */
export async function startSymfonyChat(environment: Record<string, string> = {}): Promise<SymfonyProcess> {
  const chat = await startChat({ SESSION_STORE: "", ...environment }, [], program);
  return {
    url: chat.url,
    get output() {
      return chat.output;
    },
    get errors() {
      return chat.errors;
    },
    end: chat.end,
    async [Symbol.asyncDispose]() {
      await chat.end();
    },
  };
}

/** Returns how it ends when it cannot start. */
export function failToStartSymfonyChat(
  environment: Record<string, string>,
): Promise<{ exitCode: number; errors: string }> {
  return failToStartChat({ SESSION_STORE: "", ...environment }, [], program);
}

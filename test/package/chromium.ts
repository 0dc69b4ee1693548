/** Runs bundles in Chromium, from a server on this machine: WebGPU wants a secure page. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium as engine } from "playwright";
import { chromium, chromiumFlags } from "../../vitest.browser.config.ts";

export interface Pages {
  /** What the module leaves in `globalThis.report`; rejects with the page's error. */
  run(module: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Undefined where there is no Chromium. */
export async function openChromium(): Promise<Pages | undefined> {
  if (!chromium) return undefined;
  let text = "";
  const server = createServer((request, response) => {
    const isModule = request.url === "/bundle.js";
    response.setHeader("content-type", isModule ? "text/javascript" : "text/html");
    response.end(isModule ? text : "<!doctype html><title>bundle</title>");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const browser = await engine.launch({ executablePath: chromium, args: chromiumFlags });
  return {
    async run(module) {
      text = module;
      const page = await browser.newPage();
      try {
        await page.goto(`http://127.0.0.1:${port}/`);
        // As text: vitest would put its own loader in an import's place.
        return await page.evaluate('import("/bundle.js").then(() => globalThis.report)');
      } finally {
        await page.close();
      }
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

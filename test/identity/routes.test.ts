import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { corsFor } from "../../src/identity/origins.ts";
import { isServerPath, matchRoute, openRoutes } from "../../src/identity/route-rules.ts";

const thread = "01a20743-9e35-701e-b871-b8b1e0ffc999";
const run = "01A20743-9E35-701E-B871-B8B1E0FFC111";

describe("a request's route", () => {
  it("is open with its parameters when it is listed", () => {
    expect(matchRoute("GET", `/threads/${thread}/runs/${run}/join`)).toMatchObject({
      kind: "open",
      route: { check: "run_of_thread" },
      parameters: { thread, run },
    });
    expect(matchRoute("HEAD", `/threads/${thread}`)).toMatchObject({ kind: "open" });
    expect(matchRoute("GET", "/assistants/support/graph")).toMatchObject({ kind: "open" });
  });

  it("is closed for everything else of the server", () => {
    for (const [method, path] of [
      ["POST", "/runs"],
      ["POST", "/runs/stream"],
      ["POST", "/runs/wait"],
      ["POST", "/runs/batch"],
      ["POST", "/runs/crons"],
      ["GET", `/runs/${run}/stream`],
      ["POST", `/threads/${thread}/runs/crons`],
      ["POST", `/threads/${thread}/state`],
      ["POST", `/threads/${thread}/copy`],
      ["PATCH", `/threads/${thread}`],
      ["POST", "/threads/prune"],
      ["DELETE", "/assistants/support"],
      ["PUT", "/store/items"],
      ["POST", "/internal/truncate"],
      ["POST", "/info"],
      ["GET", "/threads/not-a-uuid"],
      ["GET", `/threads/${thread}/`],
      ["GET", `/threads/${thread}%2Fcommands`],
      ["QUERY", `/threads/${thread}`],
      ["GET", "/ui"],
      ["GET", "/uixyz"],
    ] as const) {
      expect([method, path, matchRoute(method, path).kind]).toEqual([method, path, "closed"]);
    }
  });

  it("is ours when the server has nothing there", () => {
    for (const path of [
      "/",
      "/health",
      "/inbox",
      "/api/threads",
      "/threadsafe",
      "/runsheet",
      "/information",
    ]) {
      expect([path, matchRoute("GET", path).kind]).toEqual([path, "ours"]);
    }
  });

  it("is never ours for a path of the server, however it is written", () => {
    const folder = fc.constantFrom("assistants", "threads", "runs", "store", "internal", "info", "ok", "ui");
    const rest = fc.string({ maxLength: 12 });
    const written = fc
      .tuple(folder, fc.array(fc.constantFrom("plain", "upper", "encoded"), { minLength: 10 }))
      .map(([name, styles]) =>
        Array.from(name)
          .map((letter, index) => {
            if (styles[index] === "upper") return letter.toUpperCase();
            return styles[index] === "encoded" ? `%${letter.charCodeAt(0).toString(16)}` : letter;
          })
          .join(""),
      );
    fc.assert(
      fc.property(written, fc.constantFrom("/", "//", "/\\", "/%2f"), rest, (name, slash, after) => {
        expect(isServerPath(`${slash}${name}`)).toBe(true);
        expect(isServerPath(`${slash}${name}/${after.replaceAll("%", "")}`)).toBe(true);
      }),
    );
  });

  it("is open to the desk itself only where it starts runs, looks, and tidies up", () => {
    const ofTeammates = openRoutes.filter(({ open }) => !open.includes("dispatcher"));
    expect(ofTeammates.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /assistants",
      "PATCH /assistants/:assistant",
      "POST /assistants/:assistant/latest",
      "POST /threads/:thread/commands",
      "POST /threads/:thread/stream/events",
      "GET /threads/:thread/stream/events",
    ]);
    const ofTheDesk = openRoutes.filter(({ open }) => !open.includes("teammate"));
    expect(ofTheDesk.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "DELETE /threads/:thread",
      "DELETE /threads/:thread/runs/:run",
    ]);
  });
});

describe("origins", () => {
  it("are exactly those configured, without credentials, and none by default", () => {
    expect(corsFor(["https://smith.langchain.com"])).toMatchObject({
      allow_origins: ["https://smith.langchain.com"],
      allow_credentials: false,
    });
    expect(corsFor([]).allow_origins).toEqual([]);
  });
});

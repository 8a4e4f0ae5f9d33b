import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ConnectionDependencies } from "../../src/identity/connection.ts";
import {
  readConnection,
  recallConnection,
  requestConnection,
  verifyConnection,
} from "../../src/identity/connection.ts";
import { recognizeTeammate } from "../../src/identity/teammates.ts";
import { listFacts } from "../../src/store/audit.ts";
import { listTeammates } from "../../src/store/teammates.ts";
import type { ConnectedAccount, ReadOutcome, ToolGateway } from "../../src/tools/gateway.ts";
import { refuse } from "../../src/tools/refusals.ts";
import { openTestStore, type TestStore } from "../store/engines.ts";

const ANA = "ana@quillbook.example";
const BEN = "ben@quillbook.example";
const origin = "http://localhost:4870";

let store: TestStore;
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(() => store.close());

/** Scalekit and Intercom as far as connecting goes: who is in which workspace, and what was asked for. */
function openWorld(workspaces: Record<string, string>) {
  const world = {
    status: "active" as ConnectedAccount["status"],
    account: null as ReadOutcome<ConnectedAccount | null> | null,
    identify: null as ReadOutcome<JsonObject> | null,
    state: "",
    asked: [] as string[],
  };
  const notHere = () => Promise.reject(new Error("not part of this test"));
  const gateway: ToolGateway = {
    read: async (_actor, as) =>
      world.identify ?? {
        kind: "ok",
        executionId: null,
        value: {
          type: "admin",
          id: "551",
          name: as.identifier,
          email: as.identifier,
          has_inbox_seat: true,
          team_ids: [],
          app: { id_code: workspaces[as.identifier] ?? "" },
        },
      },
    write: notHere,
    listTools: notHere,
    listAccounts: notHere,
    findAccount: async (identifier) =>
      world.account ?? {
        kind: "ok",
        executionId: null,
        value: { id: `ca_${identifier}`, identifier, status: world.status },
      },
    verifyAccessToken: notHere,
  };
  const done = { kind: "ok", value: null, executionId: null } as const;
  const dependencies: ConnectionDependencies = {
    store,
    gateway,
    clock: () => new Date("2026-03-01T09:00:00Z"),
    connections: {
      createLink: async (_identifier, { state }) => {
        world.state = state;
        return { kind: "ok", value: { url: "https://link.example", expiresAt: null }, executionId: null };
      },
      verify: async (identifier, requestId) => {
        world.asked.push(`verify ${identifier} ${requestId}`);
        return done;
      },
      disconnect: async (accountId) => {
        world.asked.push(`disconnect ${accountId}`);
        return done;
      },
    },
  };
  return { world, dependencies };
}

const person = (identifier: string) => ({ identifier, sessionToken: `session of ${identifier}` });

async function connect(
  { world, dependencies }: ReturnType<typeof openWorld>,
  identifier: string,
  state?: string,
) {
  await requestConnection(dependencies, person(identifier), { origin, to: "/settings" });
  return verifyConnection(dependencies, person(identifier), origin, {
    state: state ?? world.state,
    requestId: "areq_1",
  });
}

describe("connecting", () => {
  it("refuses an account of another workspace than the first teammate's, and ends that grant", async () => {
    const opened = openWorld({ [ANA]: "qb7x2m1k", [BEN]: "other" });
    expect(await connect(opened, ANA)).toMatchObject({ kind: "connected" });
    expect(await connect(opened, BEN)).toMatchObject({
      kind: "refused",
      refusal: { code: "wrong_workspace", reason: expect.stringContaining("qb7x2m1k") },
    });
    expect(opened.world.asked).toEqual([
      `verify ${ANA} areq_1`,
      `verify ${BEN} areq_1`,
      `disconnect ca_${BEN}`,
    ]);
    expect((await listTeammates(store.db)).map(({ identifier }) => identifier)).toEqual([ANA]);
    expect(await recallConnection(opened.dependencies, BEN)).toMatchObject({
      status: "refused",
      teammate: null,
      problem: { code: "wrong_workspace" },
    });
    expect((await listFacts(store.db)).at(-1)).toMatchObject({
      event: "connection.refused",
      actor: BEN,
      data: { identifier: BEN, status: "refused", code: "wrong_workspace", disconnected: true },
    });
    // By no other way either does he become a teammate of this desk.
    expect(await recognizeTeammate(opened.dependencies, BEN)).toMatchObject({ code: "wrong_workspace" });
    expect(await readConnection(opened.dependencies, BEN)).toMatchObject({ status: "refused" });
  });

  it("asks Scalekit nothing for a state of somebody else, of another journey or of another time", async () => {
    const opened = openWorld({ [ANA]: "qb7x2m1k", [BEN]: "qb7x2m1k" });
    await requestConnection(opened.dependencies, person(BEN), { origin, to: "/" });
    const bens = opened.world.state;
    expect(await connect(opened, ANA, bens)).toEqual({ kind: "not_ours" });
    for (const state of ["", ".", "a.b", `${bens}.x`]) {
      expect(await connect(opened, ANA, state)).toEqual({ kind: "not_ours" });
    }
    await requestConnection(opened.dependencies, person(ANA), { origin, to: "/" });
    const late = { ...opened.dependencies, clock: () => new Date("2026-03-01T09:31:00Z") };
    const back = { state: opened.world.state, requestId: "areq_1" };
    expect(await verifyConnection(late, person(ANA), origin, back)).toEqual({ kind: "not_ours" });
    expect(opened.world.asked).toEqual([]);
  });
});

describe("a connection", () => {
  it("stays what was known of it while Scalekit or Intercom cannot be asked", async () => {
    const { world, dependencies } = openWorld({ [ANA]: "qb7x2m1k" });
    expect(await readConnection(dependencies, ANA)).toMatchObject({ status: "active", problem: null });
    world.identify = refuse("intercom_unavailable");
    expect(await readConnection(dependencies, ANA)).toMatchObject({
      status: "active",
      teammate: { adminId: "551" },
      problem: { code: "intercom_unavailable" },
    });
    world.account = refuse("scalekit_unavailable");
    expect(await readConnection(dependencies, ANA)).toMatchObject({
      status: "active",
      problem: { code: "scalekit_unavailable" },
    });
  });

  it("is a fact of the ledger each time it changes, and only then", async () => {
    const { world, dependencies } = openWorld({ [ANA]: "qb7x2m1k" });
    for (const status of ["active", "active", "expired", "expired", "active"] as const) {
      world.status = status;
      expect(await readConnection(dependencies, ANA)).toMatchObject({ status });
    }
    const changes = (await listFacts(store.db)).map(({ event, data }) => [event, data.from, data.to]);
    expect(changes).toEqual([
      ["connection.changed", "unknown", "active"],
      ["connection.changed", "active", "expired"],
      ["connection.changed", "expired", "active"],
    ]);
  });
});

import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { KnownConnection } from "../../src/domain/connection.ts";
import { listFacts, verifyLedger } from "../../src/store/audit.ts";
import { changeConnection, findConnection, learnConnection } from "../../src/store/connections.ts";
import type { Database } from "../../src/store/database.ts";
import { createSession, endSession, findSession } from "../../src/store/sessions.ts";
import { listTeammates } from "../../src/store/teammates.ts";
import { rememberEvent } from "../../src/store/webhook_events.ts";
import { admitTeammate } from "../../src/store/workspace.ts";
import { onBothEngines, openTestStore, type TestStore } from "./engines.ts";
import { AT, MINA } from "./fixtures.ts";

const minutes = (count: number) => new Date(AT.getTime() + count * 60_000);

onBothEngines("sessions, connections, webhook events and the workspace", (engine) => {
  let store: TestStore;
  let db: Database;

  beforeAll(async () => {
    store = await openTestStore(engine);
    db = store.db;
  });
  afterAll(() => store.close());

  const session = (id: string, begun = 0) => ({
    id,
    hash: `digest-${id}`,
    identifier: MINA,
    name: "Mina Park",
    createdAt: minutes(begun).toISOString(),
    expiresAt: minutes(begun + 60).toISOString(),
  });
  const eventsOf = async () => (await listFacts(db)).map(({ event }) => event);

  it("find a session by its digest until it is over, and record its beginning and end", async () => {
    await createSession(db, session("s1"));
    const { hash: _, ...shown } = session("s1");
    expect(await findSession(db, "digest-s1", minutes(59))).toEqual(shown);
    expect(await findSession(db, "digest-s1", minutes(60))).toBeNull();
    expect(await findSession(db, "s1", AT)).toBeNull();
    const endings = await Promise.all([1, 2, 3].map(() => endSession(db, "digest-s1", minutes(5))));
    expect(endings.filter(Boolean)).toHaveLength(1);
    expect(await findSession(db, "digest-s1", minutes(5))).toBeNull();
    expect(await eventsOf()).toEqual(["session.created", "session.ended"]);
    expect(JSON.stringify(await listFacts(db))).not.toContain("digest-");
  });

  it("forget sessions that are over when another begins", async () => {
    await createSession(db, session("s2"));
    await createSession(db, session("s3", 30));
    await createSession(db, session("s4", 61));
    expect(await findSession(db, "digest-s2", AT)).toBeNull();
    expect(await findSession(db, "digest-s3", minutes(61))).toMatchObject({ id: "s3" });
    expect(await endSession(db, "digest-s2", minutes(62))).toBe(false);
  });

  it("keep the latest that was learned of a connection, in whatever order it is learned", async () => {
    const known = (status: KnownConnection["status"], at: number): KnownConnection => ({
      identifier: MINA,
      accountId: "ca_1",
      status,
      asOf: minutes(at).toISOString(),
    });
    const learn = (one: KnownConnection) => learnConnection(db, one, { source: "test" }, minutes(9));
    expect(await findConnection(db, MINA)).toBeNull();
    expect(await learn(known("active", 2))).toBe(true);
    expect(await learn(known("expired", 1))).toBe(false);
    expect(await learn(known("active", 3))).toBe(false);
    expect(await learn(known("expired", 2))).toBe(false);
    expect(await findConnection(db, MINA)).toEqual(known("active", 3));
    const said = await Promise.all([1, 2, 3].map(() => learn(known("expired", 4))));
    expect(said.filter(Boolean)).toHaveLength(1);
    await changeConnection(db, known("active", 3), { event: "connection.verified", data: { adminId: "7" } });
    expect(await findConnection(db, MINA)).toMatchObject({ status: "active" });
    const facts = (await listFacts(db)).filter(({ event }) => event.startsWith("connection."));
    expect(facts.map(({ event, data }) => [event, data.from, data.to])).toEqual([
      ["connection.changed", "unknown", "active"],
      ["connection.changed", "active", "expired"],
      ["connection.verified", undefined, undefined],
    ]);
    expect((await verifyLedger(db)).broken).toBeNull();
  });

  it("count an event once for each sender, for a month", async () => {
    const remember = (source: string, at: Date) => rememberEvent(db, { source, id: "msg_1", type: "t", at });
    const first = await Promise.all([1, 2, 3].map(() => remember("scalekit", AT)));
    expect(first.filter(Boolean)).toHaveLength(1);
    expect(await remember("intercom", AT)).toBe(true);
    expect(await remember("scalekit", minutes(60 * 24 * 29))).toBe(false);
    expect(await remember("scalekit", minutes(60 * 24 * 31))).toBe(true);
  });

  it("admit teammates of one workspace only, the first one's, even when two are first at once", async () => {
    const person = (identifier: string, workspaceId: string) => ({
      identifier,
      connectedAccountId: `ca_${identifier}`,
      adminId: "7",
      name: identifier,
      email: "",
      hasInboxSeat: true,
      teamIds: [],
      workspaceId,
    });
    const both = await Promise.all([
      admitTeammate(db, person("ana", "one"), AT),
      admitTeammate(db, person("ben", "two"), AT),
    ]);
    expect(both.filter((other) => other === null)).toHaveLength(1);
    const [first] = await listTeammates(db);
    expect(await admitTeammate(db, person("cleo", first!.workspaceId), minutes(1))).toBeNull();
    expect(await admitTeammate(db, person(first!.identifier, "three"), minutes(2))).toBe(first!.workspaceId);
    expect(new Set((await listTeammates(db)).map(({ workspaceId }) => workspaceId)).size).toBe(1);
  });
});

import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { listFacts, verifyLedger } from "../../src/store/audit.ts";
import type { Database } from "../../src/store/database.ts";
import { findTeammate, findTeammateByAdmin, listTeammates, saveTeammate } from "../../src/store/teammates.ts";
import { createToken, findToken, listTokens, revokeToken } from "../../src/store/tokens.ts";
import { onBothEngines, openTestStore, type TestStore } from "./engines.ts";
import { AT, MINA } from "./fixtures.ts";

const LATER = new Date("2026-11-20T10:00:00.000Z");

onBothEngines("teammates and tokens", (engine) => {
  let store: TestStore;
  let db: Database;

  beforeAll(async () => {
    store = await openTestStore(engine);
    db = store.db;
  });
  afterAll(() => store.close());

  const mina = {
    identifier: MINA,
    connectedAccountId: "ca_1",
    adminId: "5510001",
    name: "Mina Park",
    email: MINA,
    hasInboxSeat: true,
    teamIds: ["7700001", "7700002"],
    workspaceId: "qb7x2m1k",
  };

  it("finds a teammate as last identified", async () => {
    await saveTeammate(db, { ...mina, hasInboxSeat: false, teamIds: [] }, AT);
    await saveTeammate(db, mina, LATER);
    expect(await findTeammate(db, MINA)).toEqual(mina);
    expect(await findTeammateByAdmin(db, "qb7x2m1k", "5510001")).toEqual(mina);
    expect(await listTeammates(db)).toEqual([mina]);
  });

  it("finds nobody by what is not theirs", async () => {
    expect(await findTeammate(db, "nobody@quillbook.example")).toBeNull();
    expect(await findTeammate(db, "mina\0")).toBeNull();
    expect(await findTeammateByAdmin(db, "other", "5510001")).toBeNull();
    expect(await findTeammateByAdmin(db, "qb7x2m1k", "5510009")).toBeNull();
  });

  it("finds the last identified of two identifiers with one admin", async () => {
    const twice = { ...mina, identifier: "another@quillbook.example", adminId: "5510007" };
    await saveTeammate(db, { ...twice, identifier: "older@quillbook.example" }, AT);
    await saveTeammate(db, twice, LATER);
    expect(await findTeammateByAdmin(db, "qb7x2m1k", "5510007")).toEqual(twice);
  });

  it("knows a token by its digest until it is revoked, and never shows the digest", async () => {
    const token = { id: "tok_1", identifier: MINA, name: "laptop" };
    await createToken(db, { ...token, hash: "digest-1", at: AT });
    expect(await findToken(db, "digest-1")).toEqual(token);
    expect(await findToken(db, "digest-2")).toBeNull();
    expect(await listTokens(db)).toEqual([{ ...token, createdAt: AT.toISOString(), revokedAt: null }]);
    const revocations = await Promise.all(Array.from({ length: 5 }, () => revokeToken(db, "tok_1", LATER)));
    expect(revocations.filter(Boolean)).toHaveLength(1);
    expect(await findToken(db, "digest-1")).toBeNull();
    expect(await listTokens(db)).toMatchObject([{ id: "tok_1", revokedAt: LATER.toISOString() }]);
    expect(await revokeToken(db, "unknown", LATER)).toBe(false);
    const facts = await listFacts(db);
    expect(facts.map((fact) => fact.event)).toEqual(["token.created", "token.revoked"]);
    expect(JSON.stringify(facts)).not.toContain("digest-1");
    expect((await verifyLedger(db)).broken).toBeNull();
  });

  it("refuses a second token with the same secret, without a fact", async () => {
    await createToken(db, { id: "tok_2", identifier: MINA, name: "a", hash: "same", at: AT });
    const before = await verifyLedger(db);
    const again = createToken(db, { id: "tok_3", identifier: "tomas", name: "b", hash: "same", at: AT });
    await expect(again).rejects.toHaveProperty("cause.code", "23505");
    expect(await verifyLedger(db)).toEqual(before);
    expect(await findToken(db, "same")).toMatchObject({ id: "tok_2", identifier: MINA });
  });
});

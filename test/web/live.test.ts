import { beforeEach, describe, expect, it } from "@jest/globals";
import type { AuditEntry } from "../../src/domain/audit.ts";
import { createPresence, type Presence } from "../../src/identity/presence.ts";
import { createWorkBoard, stepAfter, type WorkBoard } from "../../src/runs/work-board.ts";
import { connectionEventsIn } from "../../src/store/connection-events.ts";
import { JONAS, MINA, PRIYA } from "../support/desk.ts";

let now = 0;
const clock = () => new Date(now);
const pass = (seconds: number) => (now += seconds * 1000);
beforeEach(() => {
  now = Date.parse("2026-11-20T09:00:00Z");
});

describe("the board of work", () => {
  let board: WorkBoard;
  beforeEach(() => {
    board = createWorkBoard(clock);
  });
  const subject = (conversationId: string, teammate = MINA) => ({ teammate, conversationId, title: "A" });

  it("shows each teammate their own, with the step and since when", () => {
    const line = board.begin(subject("1"));
    board.begin(subject("2", PRIYA)).reach("writing");
    line.reach("researching");
    const since = "2026-11-20T09:00:00.000Z";
    expect(board.of(MINA)).toEqual({
      total: 1,
      works: [{ conversationId: "1", title: "A", step: "researching", since }],
    });
    expect(board.of(JONAS)).toEqual({ total: 0, works: [] });
  });

  it("does not call it work when a run only looks, but a reading that takes its time", () => {
    board.begin(subject("1"));
    expect(board.of(MINA).total).toBe(0);
    pass(1);
    expect(board.of(MINA).works).toMatchObject([{ step: "reading" }]);
  });

  it("forgets a run that ended, that has nothing more to do, and that is not heard of any more", () => {
    const ended = board.begin(subject("1"), "writing");
    const done = board.begin(subject("2"), "writing");
    const silent = board.begin(subject("3"), "writing");
    ended.end();
    done.reach(null);
    expect(board.of(MINA).works.map(({ conversationId }) => conversationId)).toEqual(["3"]);
    pass(200);
    silent.reach("writing");
    pass(200);
    expect(board.of(MINA).total).toBe(1);
    pass(60);
    expect(board.of(MINA).total).toBe(0);
  });

  it("counts a conversation that two runs ask for once, and never grows without end", () => {
    board.begin(subject("1"), "writing");
    board.begin(subject("1"), "writing");
    expect(board.of(MINA).total).toBe(1);
    for (let number = 0; number < 2_000; number += 1) board.begin(subject(String(number)), "writing");
    const { total, works } = board.of(MINA);
    expect(total).toBeLessThanOrEqual(500);
    expect(works).toHaveLength(20);
  });

  it("knows from the nodes of the graph what the agents do next", () => {
    expect(stepAfter("load", { task: { type: "draft" } })).toBe("classifying");
    expect(stepAfter("load", { task: { type: "revise" } })).toBe("writing");
    for (const type of ["deliver", "restore", "reopen", "stop"]) {
      expect(stepAfter("load", { task: { type } })).toBeNull();
    }
    expect(stepAfter("classifier", { classification: { route: "reply" } })).toBe("researching");
    expect(stepAfter("classifier", { classification: { route: "no_reply" } })).toBe("writing");
    expect(stepAfter("researcher", {})).toBe("writing");
    expect(stepAfter("deliver", { outcome: { type: "stale", reason: "" } })).toBe("reading");
    expect(stepAfter("deliver", { outcome: { type: "sent" } })).toBeNull();
    for (const node of ["propose", "review", "unheard-of"]) expect(stepAfter(node, null)).toBeNull();
  });
});

describe("who looks at a review", () => {
  let presence: Presence;
  beforeEach(() => {
    presence = createPresence(clock);
  });
  const arrive = (identity: string, tab = "a", editing = false, reviewId = "r1") => {
    presence.arrive({ reviewId, identity, name: identity.split(".")[0]!, tab, editing });
  };
  const around = (identity: string) => Object.fromEntries(presence.around(identity));

  it("is told to those who look at it too, and to nobody else; nobody is told of themselves", () => {
    arrive(MINA);
    arrive(JONAS, "a", true);
    expect(around(MINA)).toEqual({ r1: [{ name: "jonas", editing: true }] });
    expect(around(JONAS)).toEqual({ r1: [{ name: "mina", editing: false }] });
    expect(around(PRIYA)).toEqual({});
    arrive(PRIYA, "a", false, "r2");
    expect(around(PRIYA)).toEqual({ r2: [] });
  });

  it("counts a person with several tabs once, and keeps them until the last one is gone", () => {
    arrive(MINA);
    arrive(JONAS, "a", true);
    arrive(JONAS, "b");
    expect(around(MINA)).toEqual({ r1: [{ name: "jonas", editing: true }] });
    presence.leave({ reviewId: "r1", identity: JONAS, tab: "a" });
    expect(around(MINA)).toEqual({ r1: [{ name: "jonas", editing: false }] });
    presence.leave({ reviewId: "r1", identity: JONAS });
    expect(around(MINA)).toEqual({ r1: [] });
  });

  it("is forgotten 45 seconds after the last heartbeat", () => {
    arrive(MINA);
    arrive(JONAS);
    pass(40);
    arrive(MINA);
    pass(10);
    expect(around(MINA)).toEqual({ r1: [] });
    expect(around(JONAS)).toEqual({});
  });

  it("is kept for so many tabs of a person and no more", () => {
    for (let number = 0; number < 100; number += 1) arrive(MINA, "a", false, `r${number}`);
    expect(presence.around(MINA).size).toBe(20);
    expect(presence.around(MINA).has("r99")).toBe(true);
  });
});

describe("what the ledger has of a connection", () => {
  const entry = (sequence: number, event: string, data: AuditEntry["data"]): AuditEntry => {
    const at = "2026-11-20T09:00:00.000Z";
    return { sequence, at, actor: "countersign", event, conversationId: null, data, previous: "", hash: "" };
  };

  it("is told to its subject alone, with what the connection is since then and without the account", () => {
    const entries = [
      entry(1, "connection.changed", { identifier: MINA, accountId: "ca_1", from: "active", to: "revoked" }),
      entry(2, "connection.changed", { identifier: PRIYA, accountId: "ca_2", from: "active", to: "expired" }),
      entry(3, "connection.verified", { identifier: MINA, accountId: "ca_1", status: "active" }),
      entry(4, "connection.requested", { identifier: MINA }),
      entry(5, "review.opened", { identifier: MINA }),
    ];
    const told = connectionEventsIn(entries, MINA);
    expect(told.map(({ sequence, status }) => [sequence, status])).toEqual([
      [1, "revoked"],
      [3, "active"],
      [4, null],
    ]);
    expect(JSON.stringify(told)).not.toContain("ca_");
  });
});

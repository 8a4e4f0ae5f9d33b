import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { mayDecide } from "../../src/domain/permission.ts";
import { signAnew, signatureOf } from "../../src/domain/signature.ts";

const lead = { ...person("lead", "1", []) };
const billing = person("billing", "2", ["70"]);
const support = person("support", "3", ["71"]);
const rules = { unassigned: "support", decide: { leads: ["lead"], team: true } };
const nobody = { unassigned: "support", decide: { leads: [], team: false } };

it.each([
  ["the assignee", nobody, billing, { assigneeId: "2", teamId: null }, true],
  ["a colleague, without rules", nobody, support, { assigneeId: "2", teamId: "71" }, false],
  ["a lead, without rules", nobody, lead, { assigneeId: "2", teamId: null }, false],
  ["a lead, by the rules", rules, lead, { assigneeId: "2", teamId: null }, true],
  ["a member of its team, by the rules", rules, support, { assigneeId: "2", teamId: "71" }, true],
  ["a member of another team", rules, billing, { assigneeId: "3", teamId: "71" }, false],
  ["the desk's own teammate for what is assigned to nobody", nobody, support, unassigned(null), true],
  ["anybody else for what is assigned to nobody", nobody, billing, unassigned(null), false],
  ["a team for what is with nobody and no team", rules, billing, unassigned(null), false],
  ["a team for what is with nobody but with it", rules, billing, unassigned("70"), true],
])("%s", (_, desk, teammate, assignment, may) => {
  expect(mayDecide(desk, teammate, assignment).may).toBe(may);
});

it("lets nobody decide who has no inbox seat", () => {
  const refused = mayDecide(rules, { ...lead, hasInboxSeat: false }, { assigneeId: "1", teamId: null });
  expect(refused).toEqual({ may: false, reason: "You have no inbox seat in Intercom." });
});

it("says for whom a conversation is, by the rules there are", () => {
  const reason = (desk: typeof rules | typeof nobody, assigneeId: string | null) =>
    mayDecide(desk, billing, { assigneeId, teamId: null });
  expect(reason(nobody, "3")).toMatchObject({
    reason:
      "The conversation is assigned to another teammate. By the desk's rules it is for the teammate it is assigned to.",
  });
  expect(reason(rules, null)).toMatchObject({
    reason:
      "The conversation is assigned to nobody. By the desk's rules it is for the teammate for unassigned conversations, members of its team, and leads.",
  });
});

it("signs a draft for another teammate and changes nothing else of it", () => {
  const desk = { signature: "{name}, Quillbook support" };
  const sentences = [
    { text: "Mina, Quillbook support is what it says.", citations: ["p1"], kind: "fact" as const },
    { text: "Mina, Quillbook support", citations: [], kind: "courtesy" as const },
  ];
  const draft = {
    ...{ channel: "comment" as const, followUps: [], abstained: false, warnings: [], engine: "offline" },
    body: "Mina, Quillbook support is what it says.\n\nMina, Quillbook support\n",
    sentences,
  };
  expect(signAnew(draft, desk, "Mina Park", "Jonas Weber")).toEqual({
    ...draft,
    body: "Mina, Quillbook support is what it says.\n\nJonas, Quillbook support",
    sentences: [sentences[0], { ...sentences[1], text: "Jonas, Quillbook support" }],
  });
  fc.assert(
    fc.property(fc.string(), (body) => {
      fc.pre(!body.trimEnd().endsWith(signatureOf(desk, "Mina Park")));
      expect(signAnew({ ...draft, body }, desk, "Mina Park", "Jonas Weber").body).toBe(body);
    }),
  );
});

function person(identifier: string, adminId: string, teamIds: string[]) {
  return {
    ...{ identifier, adminId, teamIds, connectedAccountId: `ca_${adminId}`, name: identifier },
    ...{ email: identifier, hasInboxSeat: true, workspaceId: "w" },
  };
}

function unassigned(teamId: string | null) {
  return { assigneeId: null, teamId };
}

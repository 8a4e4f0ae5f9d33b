import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Actor, permit } from "../../src/domain/capability.ts";
import { resolveAlias } from "../../src/tools/aliases.ts";
import { policy } from "../../src/tools/policy.ts";

interface CatalogueEntry {
  name: string;
  params: { name: string }[];
}
const catalogue = JSON.parse(
  readFileSync(new URL("../../src/sandbox/catalogue.json", import.meta.url), "utf8"),
) as CatalogueEntry[];

describe("the capability policy", () => {
  it("names tools and arguments that the connector really has, each once", () => {
    for (const { tool, pinned } of policy) {
      const entry = catalogue.find(({ name }) => name === tool);
      expect(entry?.params.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(pinned)));
    }
    expect(new Set(policy.map(({ tool }) => tool)).size).toBe(policy.length);
  });

  it("lets delivery write three things, and nobody else anything", () => {
    const writes = policy.filter(({ access }) => access === "write");
    expect(writes.map(({ tool }) => tool)).toEqual([
      "intercom_reply_to_conversation",
      "intercom_manage_conversation",
      "intercom_attach_tag_to_conversation",
    ]);
    expect(new Set(writes.flatMap(({ actors }) => actors))).toEqual(new Set(["delivery"]));
  });

  it("lets delivery read the conversation and who it is, and no more", () => {
    const reads = policy.filter(({ access, actors }) => access === "read" && actors.includes("delivery"));
    expect(reads.map(({ tool }) => tool).sort()).toEqual([
      "intercom_identify_admin",
      "intercom_retrieve_conversation",
    ]);
  });

  it("denies everything that it does not list", () => {
    const listed = new Set(policy.map(({ tool }) => tool));
    const unlisted = catalogue.map(({ name }) => name).filter((name) => !listed.has(name));
    expect(unlisted.length).toBeGreaterThan(90);
    const tool = fc.oneof(fc.constantFrom(...unlisted), fc.string());
    fc.assert(
      fc.property(
        tool,
        fc.constantFrom(...Actor.options),
        fc.constantFrom("read", "write"),
        (name, actor, access) => {
          if (!listed.has(resolveAlias(name))) {
            expect(permit(policy, actor, resolveAlias(name), access).allowed).toBe(false);
          }
        },
      ),
    );
  });

  it("knows the older spellings, and only as other names of tools in it", () => {
    expect(resolveAlias("intercom_conversations_list")).toBe("intercom_list_conversations");
    expect(resolveAlias("intercom_conversation_get")).toBe("intercom_retrieve_conversation");
    expect(resolveAlias("intercom_conversation_reply")).toBe("intercom_reply_to_conversation");
    expect(resolveAlias("intercom_anything_else")).toBe("intercom_anything_else");
  });
});

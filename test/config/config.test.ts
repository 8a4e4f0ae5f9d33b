import { describe, expect, it } from "@jest/globals";
import { Environment, parseConfig } from "../../src/config.ts";
import { OperatorError } from "../../src/domain/errors.ts";

const scalekit = {
  SCALEKIT_ENVIRONMENT_URL: "https://acme.scalekit.dev",
  SCALEKIT_CLIENT_ID: "skc_1",
  SCALEKIT_CLIENT_SECRET: "very-secret",
};

describe("the configuration", () => {
  it("uses the sandbox when no Scalekit variable is set", () => {
    expect(parseConfig({}).scalekit).toBeNull();
  });

  it("uses the Scalekit environment when all three are set", () => {
    expect(parseConfig(scalekit).scalekit).toEqual({
      environmentUrl: "https://acme.scalekit.dev",
      clientId: "skc_1",
      clientSecret: "very-secret",
    });
  });

  it.each(Object.keys(scalekit))("names %s when it is the one that is missing", (missing) => {
    const given = Object.fromEntries(Object.entries(scalekit).filter(([name]) => name !== missing));
    const { message } = failureOf(given);
    expect(message).toContain(`${missing} is missing`);
    for (const present of Object.keys(given)) expect(message).not.toContain(`${present} is missing`);
  });

  it("counts an empty value as unset", () => {
    expect(parseConfig({ SCALEKIT_ENVIRONMENT_URL: "", SCALEKIT_CLIENT_ID: " " }).scalekit).toBeNull();
  });

  it.each([
    ["COUNTERSIGN_PORT", "seven"],
    ["COUNTERSIGN_PORT", "70000"],
    ["DATABASE_URL", "mysql://localhost/x"],
    ["COUNTERSIGN_MODEL", "gpt-5"],
    ["COUNTERSIGN_LOG_LEVEL", "loud"],
    ["COUNTERSIGN_STUDIO_TEAMMATE", "mina"],
    ["COUNTERSIGN_WRITE_TIMEOUT_MS", "1"],
    ["COUNTERSIGN_WEBHOOK_SECRET", "whsec_"],
    ["COUNTERSIGN_WEBHOOK_SECRET", "whsec_dG9vIHNob3J0"],
    ["COUNTERSIGN_WEBHOOK_SECRET", "c2VjcmV0IHdpdGhvdXQgaXRzIHByZWZpeA=="],
  ])("names %s=%s, what is wrong with it, and an example", (name, value) => {
    const error = failureOf({ [name]: value });
    expect(error).toBeInstanceOf(OperatorError);
    expect(error.message).toMatch(new RegExp(`${name}: .+ Example: ${name}=`));
  });

  it("refuses a misspelt variable of its own and leaves those of others alone", () => {
    expect(failureOf({ COUNTERSIGN_PROT: "1" }).message).toContain("COUNTERSIGN_PROT is not a variable");
    expect(() => parseConfig({ PATH: "/bin", HOME: "/root", PORT: "x" })).not.toThrow();
  });

  it("reports every problem at once", () => {
    const { message } = failureOf({
      COUNTERSIGN_PORT: "x",
      COUNTERSIGN_LOG_LEVEL: "y",
      COUNTERSIGN_TYPO: "z",
    });
    for (const name of ["COUNTERSIGN_PORT", "COUNTERSIGN_LOG_LEVEL", "COUNTERSIGN_TYPO"]) {
      expect(message).toContain(name);
    }
  });

  it("never repeats a secret in an error", () => {
    const { message } = failureOf({ ...scalekit, COUNTERSIGN_PORT: "x", OPENAI_API_KEY: "sk-hidden" });
    expect(message).not.toMatch(/very-secret|sk-hidden/);
  });

  it("knows which values must not be logged", () => {
    const { secrets } = parseConfig({
      ...scalekit,
      OPENAI_API_KEY: "sk-hidden",
      DATABASE_URL: "postgres://user:hunter22@localhost/x",
    });
    expect(secrets).toEqual(expect.arrayContaining(["very-secret", "sk-hidden", "hunter22"]));
  });

  it("documents every variable with a description and an example that is valid", () => {
    for (const [name, field] of Object.entries(Environment.shape)) {
      const { description, example } = field.meta() ?? {};
      expect({ name, described: typeof description === "string" && description.length > 10 }).toEqual({
        name,
        described: true,
      });
      expect({ name, valid: field.safeParse(example).success }).toEqual({ name, valid: true });
    }
  });
});

function failureOf(variables: Record<string, string>): OperatorError {
  try {
    parseConfig(variables);
  } catch (error) {
    if (error instanceof OperatorError) return error;
  }
  throw new Error("the configuration was accepted");
}

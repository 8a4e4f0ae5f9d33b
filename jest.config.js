/** Native ES modules, compiled by swc: nothing is mapped, so a test imports what the program imports. */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "es6" } },
    ],
  },
  resolver: "<rootDir>/test/tools/jest/resolver.cjs",
  testTimeout: 60_000,
};

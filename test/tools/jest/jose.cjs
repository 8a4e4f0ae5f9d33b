// Inside jest, require is jest's own; a function of the outer realm is Node's.
const { getBuiltinModule } = require("node:vm").runInThisContext("process");

module.exports = getBuiltinModule("node:module").createRequire(__filename)("jose");

/**
 * Node lets the SDK, which is CommonJS, require `jose`, which is an ES module; jest does not. Such a require gets
 * jose from Node itself. Everything else, imports of jose included, is resolved as ever.
 */
module.exports = (request, options) =>
  request === "jose" && options.conditions?.includes("require")
    ? require.resolve("./jose.cjs")
    : options.defaultResolver(request, options);

/** The `http.cors` of langgraph.json and of the server that is started in process. */
export interface CrossOrigin {
  allow_origins: string[];
  allow_credentials: boolean;
  expose_headers: string[];
  max_age: number;
}

/**
 * Lets pages of exactly these origins read answers; none when empty. Credentials stay off: nothing is proved by a cookie
 * across origins. Always give it to the server, which otherwise lets every page read.
 */
export function corsFor(origins: readonly string[]): CrossOrigin {
  return {
    allow_origins: [...origins],
    allow_credentials: false,
    expose_headers: ["content-location", "x-pagination-total", "x-pagination-next"],
    max_age: 600,
  };
}

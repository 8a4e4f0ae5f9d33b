import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { createClient } from "./client.ts";
import "./inbox.css";
import "./batch.css";

const page = document.getElementById("page");
if (page === null) throw new Error("the document has no place for the page");

const clock = () => new Date();
createRoot(page).render(
  <StrictMode>
    <App client={createClient()} clock={clock} />
  </StrictMode>,
);

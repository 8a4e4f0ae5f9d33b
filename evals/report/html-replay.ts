import { diffWordsWithSpace } from "diff";
import { fates, type Fate } from "../replay/distance.ts";
import { forecastOf, type Forecast } from "../replay/forecast.ts";
import type { Replay, ReplayedAnswer, Series } from "../replay/replay-document.ts";
import { html, type Markup } from "./markup.ts";
import { pageHtml } from "./page.ts";
import { fateWords, percentText, privacyNote, readingNotes } from "./replay-words.ts";

const BAR = 240;
const HEIGHT = 16;

/** A replay as one HTML document: the forecast by topic, and every answer with draft and what was sent beside each other. */
export function replayHtml(replay: Replay): string {
  const { series, startedAt } = replay;
  return pageHtml({
    title: "Countersign, replay",
    heading: headline(series),
    lead: `${startedAt.slice(0, 16).replace("T", " ")} UTC. ${privacyNote(replay)}`,
    nav: html`${series.map((one, index) => html`<a href="#series-${index}">${one.title}</a>`)}
    ${series.map((one, index) => html`<a href="#answers-${index}">Answers: ${one.title.toLowerCase()}</a>`)}`,
    main: html`${series.map(seriesSection)}
    ${series.flatMap((one, index) => answersSection(one, index) ?? [])}`,
  });
}

function headline(series: readonly Series[]): string {
  const last = series.at(-1);
  const [all] = forecastOf(last?.answers ?? []);
  if (!last || !all || all.of === 0) return "There is nothing to compare";
  const usable = last.answers.filter(({ fate }) => fate === "unchanged" || fate === "light").length;
  const what =
    last.kind === "decided"
      ? "drafts were sent as they stood or lightly edited"
      : "drafts are what people sent, or a light edit away from it";
  return `${usable} of ${all.of} ${what}${all.few ? ": too few to rely on" : ""}`;
}

function seriesSection(series: Series, index: number): Markup {
  const { title, answers, engines, leftOut } = series;
  const forecasts = forecastOf(answers);
  const words = fateWords(series);
  return html`<section id="series-${index}" class="${series.kind}">
    <h2>${title}</h2>
    <p class="quiet">Drafted by ${engines.join("; ")}.</p>
    ${
      answers.length === 0
        ? html`<p>There is nothing to compare.</p>`
        : html`<div class="scroll" role="region" tabindex="0" aria-label="Forecast by topic: ${title}">
              <table class="forecast">
                <thead>
                  <tr>
                    <th>Topic</th>
                    <th class="number">Answers</th>
                    <th>Shares</th>
                    ${fates.map((fate) => html`<th><span class="key fate ${fate}">${words[fate]}</span></th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${forecasts.map(forecastRow)}
                </tbody>
              </table>
            </div>
            ${readingNotes(series, forecasts).map((note) => html`<p class="quiet">${note}</p>`)}`
    }
    ${
      leftOut.length === 0
        ? null
        : html`<h3>Left out</h3>
            <ul class="plain">
              ${leftOut.map(({ reason, count }) => html`<li>${count}: ${reason}</li>`)}
            </ul>`
    }
  </section>`;
}

function forecastRow({ topic, of, shares, few }: Forecast): Markup {
  return html`<tr>
    <th scope="row">${topic ?? "All topics"}${few ? html` <b class="badge">few</b>` : null}</th>
    <td class="number">${of}</td>
    <td>${bar(shares)}</td>
    ${fates.map((fate) => html`<td class="value">${percentText(shares[fate])}</td>`)}
  </tr>`;
}

/** Decoration: what it shows stands in the row as text. */
function bar(shares: Forecast["shares"]): Markup {
  let from = 0;
  const pieces = fates.map((fate) => {
    const width = shares[fate].value * BAR;
    const piece = html`<rect
      class="fate ${fate}"
      x="${from.toFixed(1)}"
      width="${width.toFixed(1)}"
      height="${HEIGHT}"
    />`;
    from += width;
    return piece;
  });
  return html`<svg viewBox="0 0 ${BAR} ${HEIGHT}" width="${BAR}" height="${HEIGHT}" aria-hidden="true">
    ${pieces}
  </svg>`;
}

function answersSection(series: Series, index: number): Markup | null {
  if (series.answers.length === 0) return null;
  const order = (fate: Fate) => fates.indexOf(fate);
  const sorted = [...series.answers].sort((one, other) => order(other.fate) - order(one.fate));
  return html`<section id="answers-${index}" class="${series.kind}">
    <h2>Answers: ${series.title.toLowerCase()}</h2>
    ${sorted.map((answer) => answerDetails(series, answer))}
  </section>`;
}

function answerDetails(series: Series, answer: ReplayedAnswer): Markup {
  const { conversationId, at, topic, fate, distance, messages, asks, draft, sent, reason } = answer;
  return html`<details class="case">
    <summary>
      <span class="key fate ${fate}">${fateWords(series)[fate]}</span>
      <span class="id">${conversationId}</span>
      <span class="quiet"
        >${[topic, at.slice(0, 10), distance === null ? "" : `distance ${distance.toFixed(2)}`]
          .filter(Boolean)
          .join(" · ")}</span
      >
    </summary>
    <div class="turn">
      <div>
        <h3>${messages.length > 0 ? "The conversation" : "What was asked"}</h3>
        ${messages.map(({ from, text }) => html`<p class="message ${from}"><small>${from}</small>${text}</p>`)}
        ${messages.length > 0 ? null : asks.map((ask) => html`<p class="message">${ask}</p>`)}
      </div>
      <div>
        <h3>${draftTitle(draft)}</h3>
        ${draft.body === "" ? null : html`<p class="draft">${draft.body}</p>`}
        <p class="quiet">${reason}</p>
      </div>
      <div>
        <h3>What people sent</h3>
        ${sent === null ? html`<p class="quiet">Nothing that is known.</p>` : html`<p class="draft">${difference(answer, sent)}</p>`}
      </div>
    </div>
  </details>`;
}

function draftTitle({ body, channel }: ReplayedAnswer["draft"]): string {
  if (body === "") return "The draft: send nothing";
  return channel === "note" ? "The draft: a note for the team" : "The draft: a reply";
}

/** What was sent, with what is not in the draft marked. Where it was written anew, marks would be all there is to see. */
function difference({ draft, fate }: ReplayedAnswer, sent: string): Markup {
  if (fate === "rejected" || fate === "person") return html`${sent}`;
  return html`${diffWordsWithSpace(draft.body, sent).map(({ value, added, removed }) =>
    added ? html`<ins>${value}</ins>` : removed ? html`<del>${value}</del>` : html`${value}`,
  )}`;
}

import type { PlainWords } from "./plainWords.ts";

const somebody =
  "(?:somebody|someone|anybody|anyone|a stranger|my ex|he|she|they|(?:my|our) (?:\\w+ )?(?:ex|employee|colleague|partner|receptionist|husband|wife|stylist|manager)|who(?:ever)?)";
const guarded =
  "(?:password|two-?(?:step|factor)|2fa|verification|codes?|bank|payout account|iban|e-?mail address|log-?in|sign(?:ed)?[ -]?in|owner|reset|device|account|booking|staff member|administrator|admin)";
const nobody = "(?:none of us|nobody|no one)(?: here)?(?: (?:has|ever))?";
const did =
  "(?:do|did|done|make|made|set|add|added|authori[sz]ed?|recogni[sz]es?|switch|switched|turn|turned|order|ordered|request|requested|sign|signed)";

/** Signs that an account, or the data in it, is in the wrong hands, and reports of a weakness. */
export const intrusion: PlainWords = {
  patterns: [
    /\b(?:hacked|hacker|hijack\w*|taken over|vulnerabilit\w+|exploit(?:ed|able)?|data breach|(?:independent|security) researcher|pen(?:etration)?[ -]?test\w*|proof of concept|security (?:hole|flaw|issue|problem|bug|risk|weakness|gap|breach)|bug bounty|responsible disclosure|phish\w*|compromised|xss|csrf|sql injection|cross-site)\b/i,
    new RegExp(
      `\\b${somebody}(?:'s| is| was| has| have)?(?: \\w+)? (?:knows?|ha[sd]|got|guessed|stole|stolen|uses?|using|found)(?: out)? (?:my|our) (?:\\w+ )?(?:password|login|log-in|account|codes?)\\b`,
      "i",
    ),
    new RegExp(
      `\\b(?:somebody|someone|anybody|anyone|a stranger|an intruder|my ex)\\b(?: else)?(?:'s| is| was| has been| has)?(?: \\w+)? (?:got|get|gotten|broke|broken|logged|logging|signed|signing|been|in|accessed) ?(?:in|into|to|inside)?\\b[^.!?]{0,20}\\b(?:my|our) (?:\\w+ )?(?:account|profile|login)\\b`,
      "i",
    ),
    /\b(?:changed|added|created|deleted|made)\b[^.!?\n]{0,40}\b(?:wasn't|isn't|was not|is not) (?:me|us|mine|ours)\b/i,
    /\b(?:not|isn't|aren't|wasn't|nor) (?:my|our|me|us|mine|ours)\b[^.!?]{0,12}\b(?:bank|iban|device|phone number|account number)\b|\bbank account\b[^.!?]{0,40}\b(?:not|isn't|aren't|wasn't) (?:mine|ours)\b/i,
    /\b(?:code|reset|link|password|verification|e-?mail|text|sms)\b[^.!?]{0,50}\b(?:i|we|nobody here|none of us|no one here) (?:never|didn't|did not|haven't|have not) (?:\w+ )?(?:ask|request|order|want|start)/i,
    /\b(?:see|saw|seeing|view|read|reading|open|opened|get|got|shown|shows|showing|download(?:ed)?)\b[^.!?]{0,60}\b(?:(?:an)?other|someone else's|somebody else's|strangers?'?s?|different) (?:\w+ ){0,2}(?:business(?:es)?|studios?|salons?|compan(?:y|ies)|practices?|shops?)\b/i,
    /\b(?:chang(?:e|ed|ing)|edit(?:ed)?|replac(?:e|ed|ing)|swap(?:ped)?|increment(?:ed)?)\b[^.!?]{0,30}\b(?:number|id|digits?)\b[^.!?]{0,30}\b(?:address|url|link|address bar)\b/i,
    /\b(?:keylogger|malware|spyware|trojan|fake (?:e-?mail|page|site|login|invoice)|spoof\w*)\b/i,
    /\b(?:thief|stole|stolen|robbed)\b[^.!?]{0,60}\b(?:login|password|account|laptop|phone|tablet|signed in|logged in)\b|\b(?:laptop|phone|tablet|computer)\b[^.!?]{0,30}\b(?:was|been|got) stolen\b/i,
    /\b(?:is|was|did|does) (?:this|that|it)(?: \w+)?(?: \w+)? (?:come |came |sent |by |really |genuinely )*(?:from|by) you\b|\blooks? like (?:yours|it(?:'s| is) from you|it came from you)\b/i,
    /\b(?:anybody|anyone|everybody|everyone|a stranger|strangers)\b[^.!?]{0,40}\bcan (?:see|read|open|view|download)\b[^.!?]{0,40}\b(?:names?|notes|numbers|details|data|records|forms|addresses|e-?mails)\b/i,
    /\b(?:new|extra|another|an?) (?:owner|manager|admin\w*|user|staff member)\b[^.!?]{0,30}\b(?:called|named|appeared|i don't know|we don't know|nobody knows)\b/i,
    /\b(?:anybody|anyone|everybody|everyone|a stranger|strangers|the whole world)\b[^.!?]{0,40}\bcan (?:come|get|sign|log|walk) (?:in|into)\b|\bcan (?:be )?(?:open(?:ed)?|seen?|read|download(?:ed)?|sign(?:ed)? in|log(?:ged)? in|get in)\b[^.!?]{0,40}\bwithout (?:a |any |my |the |being )*(?:password|sign|log|permission|code|account)\w*/i,
    /\b(?:link|token|code|session|password)\b[^.!?]{0,40}\bstill (?:works?|valid|active|opens?|lets?)\b[^.!?]{0,30}\b(?:after|although|even)\b/i,
    /\b(?:clients?|customers?|data|list|details|numbers|passwords?|e-?mails|records|names|addresses)\b[^.!?]{0,40}\b(?:leak(?:ed|s|ing)?|dumped|for sale|stolen|(?:on|in) (?:a |the )?(?:public |dark )?(?:forum|web|internet|telegram|pastebin))\b|\bleak of\b[^.!?]{0,40}\b(?:data|customers?|clients?|details|numbers)\b/i,
    /\b(?:exposed|publicly (?:visible|available|accessible|readable))\b[^.!?]{0,40}\b(?:data|details|records|notes|forms?|files?|keys?)\b|\b(?:api key|secret|token)\b[^.!?]{0,40}\b(?:exposed|leaked|public)\b/i,
    /\b(?:log-?ins?|sign-?ins?|devices?|sessions?|addresses?|activity|users?|invit\w+|password|locations?|changes?)\b[^.!?]{0,60}\b(?:don't|do not|didn't|did not|can't|cannot|nobody|none of us|never) (?:\w+ )?recogni[sz]e/i,
    /\b(?:unknown|unfamiliar|suspicious|strange|unrecogni[sz]ed|foreign|unauthori[sz]ed) (?:\w+ )?(?:log-?ins?|sign-?ins?|devices?|sessions?|users?|access|activity|logging|admin\w*|staff member|bank account)\b/i,
  ],
  across: [
    /\b(?:sign|log)(?:ged|ned)?[\s-]?in[^.!?\n]{0,60}\bfrom (?:an? )?(?:\p{Lu}\p{L}+|(?:\w+ )?(?:country|city|place|device|address))\b[\s\S]{0,60}\b(?:never|none of us|nobody|not me|not us|wasn't me)\b/u,
    new RegExp(
      `\\b${guarded}\\b[\\s\\S]{0,120}\\b(?:${nobody}|(?:i|we) (?:\\w+ )?(?:did not|didn't|never|have not|haven't)) ${did} (?:it|that|this|those|them|any of|the)\\b`,
      "i",
    ),
  ],
};

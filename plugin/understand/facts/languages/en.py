# ruff: noqa: E501
"""English, of the UK, Ireland, North America, Australia and India."""

from plugin.understand.facts.languages.words import Words

WORDS = Words(
    language="en",
    months={
        "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "july": 7,
        "jul": 7, "august": 8, "aug": 8, "september": 9, "sept?": 9, "october": 10, "oct": 10, "november": 11, "nov": 11,
        "december": 12, "dec": 12,
    },
    weekdays={
        "monday": 0, "tuesday": 1, "tues": 1, "wednesday": 2, "thursday": 3, "thurs": 3, "friday": 4, "saturday": 5, "sunday": 6,
    },
    days={
        "today": 0, "todays": 0, "2moro": 1, "yesterday": -1, "yday": -1, "yest": -1, "the day before yesterday": -2, "last night": -1, "tonight": 0, "overnight": -1,
        "2day": 0,
    },
    moments=(
        "(?:to|2)nite", "last nights?", "this (?:morning|afternoon|evening|week|month|noon|arvo|very morning|weekend|summer|winter|spring|autumn|fall)", "last (?:week|month|year|weekend|time|summer|winter|spring|autumn|fall|season|evening)",
        "since (?:lunch|breakfast|dinner|noon|launch|then)", "the other (?:day|night|week|morning)", "(?:earlier|later) (?:today|this \\w+)", "just now", "a (?:little )?while ago", "a moment ago", "a minute ago",
        "recently", "lately", "(?:these|the) (?:past|last) (?:few|couple of) \\w+", "since (?:then|forever|the (?:update|upgrade|weekend|summer|winter|start))",
        "at the weekend", "over the weekend", "early (?:this|yesterday|last) \\w+", "first thing", "moments ago", "(?:the )?night before(?: last)?",
    ),
    ahead=(
        "tomorrow", "tmrw", "the day after tomorrow", "next (?:week|month|year|weekend|{weekday})", "(?:by|before|until|till|for) (?:this |the |next )?(?:{weekday}|\\d{1,2}(?:st|nd|rd|th)|tomorrow|weekend)",
        "(?:arriv\\w+|check\\w* in|coming|due|lands?) (?:on |this )?(?:{weekday}|\\d{1,2}(?:st|nd|rd|th)|tomorrow)",
    ),
    ago=(
        "(?:about |around |some |over |nearly |almost |roughly )?{n} {unit} (?:ago|back)", "for (?:the )?(?:about |around |over |nearly |almost |past |last |at least )*{n} {unit}(?: now)?",
        "(?:the |these )?(?:past|last) {n} {unit}", "since (?:about |over |nearly )?{n} {unit}", "(?:it's|its|it has|has) been (?:about |over |nearly )?{n} {unit}", "{n} {unit} now",
        "{n} {unit} running",
    ),
    since="since|as of|from|ever since",
    before_day="the|on the|since the|of the|by the",
    after_day="st|nd|rd|th",
    of="of",
    numbers={
        "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "a couple": 2,
    },
    vague="a few|few|several|a couple of|a couple|couple of|some|many|a dozen",
    units={
        "min(?:ute)?s?": 0, "hours?": 0, "hrs?": 0, "days?": 1, "nights?": 1, "mornings?": 1, "weeks?": 7, "fortnight": 14, "months?": 30,
        "years?": 365, "yrs?": 365,
    },
    clock=(
        "\\d{1,2}(?:[:.]\\d\\d)? ?[ap]\\.?m\\.?", "(?:at|around|about|since|from|by) {hour}(?: o'?clock|ish)?", "{hour} o'?clock", "(?:at|around|since) (?:noon|midday|midnight|lunch(?:time)?|dawn|breakfast|teatime|dinner)", "half past {hour}",
        "quarter (?:past|to) {hour}", "in the (?:morning|evening|afternoon|small hours|night)", "at night", "\\d{1,2}:\\d\\d (?:utc|gmt|ist|est|pst|cet)",
    ),
    recurring=(
        "always", "(?:each|every) (?:single |other )?\\w+", "every {n} \\w+", "(?:all )?the time", "all day", "all the time", "sometimes", "some ?times", "now and (?:then|again)", "occasionally", "on occasion",
        "from time to time", "off and on", "on and off", "intermittent(?:ly)?", "random(?:ly)?", "at random", "sporadic(?:ally)?", "constant(?:ly)?", "continuous(?:ly)?",
        "consistent(?:ly)?", "without fail", "repeatedly", "often", "rarely", "never", "usually", "mostly", "most of the time", "half the time", "hourly", "daily", "nightly", "weekly",
        "once", "twice", "thrice", "{n} (?:times|goes|tries|attempts|occasions)", "(?:several|many|multiple|countless|a few|a couple of|umpteen|a dozen) times", "(?:third|second|fourth|fifth|first|umpteenth|nth|\\d(?:st|nd|rd|th)) (?:time|go|attempt)",
        "(?:\\w+) times out of (?:\\w+)", "{n} (?:out of|in|of) (?:every )?{n}", "same (?:result|thing|outcome|error|message)? ?(?:each|every)", "(?:on )?(?:{weekday})s", "(?:only|just) (?:in the|at) \\w+",
        "mornings", "evenings", "weekends", "night after night", "day after day", "time and again", "again and again", "over and over", "keeps? \\w+ing", "at peak times", "around the clock", "whenever", "each of",
        "day or night", "between {hour}(?: ?[ap]m)? and {hour}", "hit and miss", "everytime", "non-?stop", "back to back", "one-off", "in a row",
        "frequently", "regularly", "all {n} (?:times|tries)", "\\w+ in (?:five|four|three|ten|two)", "all (?:six|five|four|three|seven|eight|ten|of them)", "{n} (?:tests|tims|blanks|failures|fails|errors|retries)", "without exception", "only (?:one|once|time|case)", "the only (?:one|case|time)", "for the (?:remainder|rest) of the day", "comes and goes", "(?:on )?some (?:days|mornings|nights)", "same (?:with|on|for) (?:all|every|each|both)", "no matter (?:what|which|how)",
    ),
    holder="mr|mrs|ms|miss|dr|prof|sir|madam",
    nouns={
        "bookings?|reservations?|confirmation|stay|rez|booking ref(?:erence)?": "reservation",
        "listings?|property|properties|apartments?|apt|flat|house|villa|cottage|cabin|condo|studio|unit|room|lodge|barn|chalet|suite|loft|bungalow|townhouse|"
        "guesthouse|homestay|farmhouse|beach house|penthouse|annexe|hut|yurt|farm|tower|hostel": "property",
        "guests?|tenants?|client|customer|traveller|traveler|renter|visitor|in the name of|under the name|mr|mrs|family": "guest",
        "owners?|landlord|landlady|homeowner": "owner",
        "users?|username|user name|log-?in|account|colleague|co-?host|cleaner|profile|user id|staff": "user",
        "campaigns?|newsletter|mailer|mailing|blast|e?-?mail called": "campaign",
        "invoices?|receipt|bill|credit note|inv": "invoice",
        "order|transaction|charge|payment|reference|ref|payout|txn": "charge",
        "website|site|domain|web site": "site",
    },
    number_sign="number|numbers|num|no|nr|id|ids|code|reference|ref|called|named|titled|with id|under|ending",
    ticket="tickets?|case|request|incident|enquiry|inquiry|query|issue|complaint|support ticket|support case|sr",
    ending="ending(?: in| with)?|ends(?: in| with)?|(?:with )?(?:the )?last (?:{n} )?(?:digits|numbers|figures)(?: are| being)?|that ends",
    key_words="password|passwd|pass ?word|pass|pwd|pw|passcode|pin|passphrase",
    is_="is|was|:|=|being|still",
    document={
        "passports?": "passport", "(?:national )?id(?:entity)? card": "id", "identity card": "id", "social security(?: number)?": "social-security", "ssn": "social-security",
        "driv(?:er'?s?|ing) licen[sc]e": "driving-licence", "aadh?aa?r(?: card)?": "aadhaar", "pan(?: card)?": "pan", "national insurance(?: number)?": "ni", "ni number": "ni", "nino": "ni", "id document": "id",
    },
    error="error|code|error code|status|message|exception|err|http",
    devices={
        "(?:mobile|cell|smart)? ?phones?": "phone", "mobile": "phone", "mobiles": "phone", "cell": "phone", "handset": "phone", "laptops?": "computer", "computers?": "computer", "pcs?": "computer", "desktops?": "computer",
        "chromebook": "computer", "tablets?": "tablet", "browsers?": "browser", "workstation": "computer", "machine": "computer", "notebook": "computer",
    },
)  # fmt: skip

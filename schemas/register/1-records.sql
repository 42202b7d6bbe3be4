-- The register: what was recorded, who recorded it and when, and what follows from it.
--
-- `log` and `object` hold everything; each other table is what the log says, laid out to be asked. A row is
-- written once and stays, save in `standing`, which says where each system stands now.
-- Plain SQL but for STRICT: README.md beside this file says what PostgreSQL writes instead.

-- What was recorded. `body` is canonical JSON; `sha256` is over the entry and the hash of the one before it.
CREATE TABLE log (
    seq INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
    at TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    kind TEXT NOT NULL,
    objects TEXT NOT NULL,
    body TEXT NOT NULL,
    former TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64)
) STRICT;

-- The bytes themselves, once each: files as received and documents made of them. `packed` is 1 where they are
-- kept deflated; hash and size are always of the bytes as they were given.
CREATE TABLE object (
    sha256 TEXT NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
    log INTEGER NOT NULL REFERENCES log (seq),
    kind TEXT NOT NULL,
    ending TEXT NOT NULL,
    size INTEGER NOT NULL,
    packed INTEGER NOT NULL CHECK (packed IN (0, 1)),
    bytes BLOB NOT NULL
) STRICT;

-- A facility file as recorded; vendors, contacts, systems and devices with its `log` are what it says.
CREATE TABLE facility (
    log INTEGER NOT NULL PRIMARY KEY REFERENCES log (seq),
    name TEXT NOT NULL,
    kind TEXT,
    safety_manager TEXT,
    filled_by TEXT,
    file TEXT NOT NULL,
    content TEXT NOT NULL REFERENCES object (sha256)
) STRICT;

-- The form files that stand beside it, without which some sheets are not read.
CREATE TABLE form_file (
    log INTEGER NOT NULL REFERENCES facility (log),
    ordinal INTEGER NOT NULL,
    file TEXT NOT NULL,
    content TEXT NOT NULL REFERENCES object (sha256),
    PRIMARY KEY (log, ordinal)
) STRICT;

CREATE TABLE vendor (
    log INTEGER NOT NULL REFERENCES facility (log),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    PRIMARY KEY (log, id)
) STRICT;

CREATE TABLE contact (
    log INTEGER NOT NULL,
    vendor TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (log, vendor),
    FOREIGN KEY (log, vendor) REFERENCES vendor (log, id)
) STRICT;

CREATE TABLE system (
    log INTEGER NOT NULL REFERENCES facility (log),
    ordinal INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT,
    vendor TEXT,
    manufacturer TEXT,
    product TEXT,
    version TEXT,
    contract INTEGER NOT NULL CHECK (contract IN (0, 1)),
    facts TEXT NOT NULL,
    PRIMARY KEY (log, id),
    FOREIGN KEY (log, vendor) REFERENCES vendor (log, id)
) STRICT;
CREATE INDEX system_by_id ON system (id, log);

CREATE TABLE device (
    log INTEGER NOT NULL,
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (log, system, kind),
    FOREIGN KEY (log, system) REFERENCES system (log, id)
) STRICT;

-- A file received. `search` holds its names folded, so that a search needs no functions of the database.
CREATE TABLE received (
    log INTEGER NOT NULL PRIMARY KEY REFERENCES log (seq),
    sha256 TEXT NOT NULL UNIQUE REFERENCES object (sha256),
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    day TEXT NOT NULL,
    readable INTEGER NOT NULL CHECK (readable IN (0, 1)),
    tool TEXT NOT NULL,
    errors INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    reading TEXT REFERENCES object (sha256),
    findings TEXT NOT NULL REFERENCES object (sha256),
    search TEXT NOT NULL
) STRICT;

-- A disclosure read from a file.
CREATE TABLE disclosure (
    log INTEGER NOT NULL REFERENCES received (log),
    position INTEGER NOT NULL,
    sheet TEXT,
    form TEXT NOT NULL,
    edition TEXT NOT NULL,
    form_source TEXT NOT NULL,
    family TEXT NOT NULL,
    service INTEGER NOT NULL CHECK (service IN (0, 1)),
    manufacturer TEXT,
    product TEXT,
    model TEXT,
    version TEXT,
    day TEXT,
    items INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    PRIMARY KEY (log, position)
) STRICT;

-- How often each rule was broken in a file; the findings themselves stand in the object.
CREATE TABLE finding (
    log INTEGER NOT NULL REFERENCES received (log),
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (log, code, severity)
) STRICT;
CREATE INDEX finding_by_code ON finding (code, log);

-- To which systems a disclosure belongs, since `log`; the latest counts. A null system is: to none.
-- A file without a disclosure is assigned as a whole, at position 0.
CREATE TABLE assignment (
    log INTEGER NOT NULL REFERENCES log (seq),
    received INTEGER NOT NULL REFERENCES received (log),
    position INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    system TEXT,
    how TEXT NOT NULL,
    PRIMARY KEY (log, received, position, ordinal)
) STRICT;
CREATE INDEX assignment_by_system ON assignment (system, received, position);
CREATE INDEX assignment_by_received ON assignment (received, position, log);

-- That a sheet was asked for.
CREATE TABLE request (
    log INTEGER NOT NULL PRIMARY KEY REFERENCES log (seq),
    system TEXT NOT NULL,
    due TEXT,
    note TEXT
) STRICT;
CREATE INDEX request_by_system ON request (system, log);

-- What was decided about a file of a system: accepted, accepted-with-exceptions or returned.
CREATE TABLE decision (
    log INTEGER NOT NULL REFERENCES log (seq),
    system TEXT NOT NULL,
    received INTEGER NOT NULL REFERENCES received (log),
    decision TEXT NOT NULL,
    why TEXT NOT NULL,
    due TEXT,
    PRIMARY KEY (log, received)
) STRICT;
CREATE INDEX decision_by_system ON decision (system, received, log);

CREATE TABLE exception (
    log INTEGER NOT NULL REFERENCES log (seq),
    ordinal INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (log, ordinal)
) STRICT;

-- A disclosure held against a profile of a certain text.
CREATE TABLE assessment (
    log INTEGER NOT NULL PRIMARY KEY REFERENCES log (seq),
    received INTEGER NOT NULL REFERENCES received (log),
    position INTEGER NOT NULL,
    system TEXT,
    profile TEXT NOT NULL,
    profile_sha256 TEXT NOT NULL,
    profile_text TEXT REFERENCES object (sha256),
    day TEXT NOT NULL,
    qualified INTEGER NOT NULL CHECK (qualified IN (0, 1)),
    results TEXT NOT NULL REFERENCES object (sha256)
) STRICT;
CREATE INDEX assessment_by_received ON assessment (received, log);

CREATE TABLE verdict (
    log INTEGER NOT NULL REFERENCES assessment (log),
    level TEXT NOT NULL,
    verdict TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (log, level, verdict)
) STRICT;

-- The waivers of the profile when the assessment was made.
CREATE TABLE waiver (
    log INTEGER NOT NULL REFERENCES assessment (log),
    ordinal INTEGER NOT NULL,
    requirement TEXT NOT NULL,
    manufacturer TEXT,
    product TEXT,
    reason TEXT NOT NULL,
    approver TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    applied INTEGER NOT NULL CHECK (applied IN (0, 1)),
    PRIMARY KEY (log, ordinal)
) STRICT;

-- A list of risks as it stood when it was recorded, and its entries.
CREATE TABLE risk_list (
    log INTEGER NOT NULL PRIMARY KEY REFERENCES log (seq),
    file TEXT NOT NULL,
    content TEXT NOT NULL REFERENCES object (sha256)
) STRICT;

CREATE TABLE risk (
    log INTEGER NOT NULL REFERENCES risk_list (log),
    ordinal INTEGER NOT NULL,
    id TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    product TEXT NOT NULL,
    requirement TEXT NOT NULL,
    item TEXT NOT NULL,
    treatment TEXT NOT NULL,
    owner TEXT NOT NULL,
    due TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (log, ordinal)
) STRICT;

-- Where each system stands now: follows from the tables above and is written anew with them.
CREATE TABLE standing (
    system TEXT NOT NULL PRIMARY KEY,
    facility INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    category TEXT,
    vendor TEXT,
    vendor_name TEXT,
    product TEXT,
    contract INTEGER NOT NULL,
    stage TEXT NOT NULL,
    due TEXT,
    sheets INTEGER NOT NULL,
    of_product INTEGER,
    of_service INTEGER,
    newest INTEGER,
    newest_day TEXT,
    disclosure_day TEXT,
    errors INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    decision INTEGER,
    assessment INTEGER,
    request INTEGER,
    search TEXT NOT NULL
) STRICT;
CREATE INDEX standing_by_stage ON standing (stage, due);
CREATE INDEX standing_by_facility ON standing (facility, ordinal);

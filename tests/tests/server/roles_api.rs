//! The API's part of the table of who may do what: its routes, for everybody.

use super::roles::Row;

/// Who reads.
const READ: [u16; 6] = [401, 401, 200, 200, 200, 404];
/// Who writes: bodies are empty, so whoever may gets as far as the type of its content.
const WRITE: [u16; 6] = [401, 401, 403, 415, 415, 404];

/// Every route has at least one row.
pub const ROWS: [Row; 18] = [
    ("GET /api/openapi.json", "/api/openapi.json", [200, 200, 200, 200, 200, 200]),
    ("GET /NOTEBOOK/api/v1/due", "/main/api/v1/due", READ),
    ("GET /NOTEBOOK/api/v1/due", "/nowhere/api/v1/due", [401, 401, 404, 404, 404, 404]),
    ("GET /NOTEBOOK/api/v1/cracks", "/main/api/v1/cracks", READ),
    ("GET /NOTEBOOK/api/v1/problems", "/main/api/v1/problems", READ),
    ("GET /NOTEBOOK/api/v1/report", "/main/api/v1/report", READ),
    ("GET /NOTEBOOK/api/v1/events", "/main/api/v1/events", READ),
    ("GET /NOTEBOOK/api/v1/contacts", "/main/api/v1/contacts", READ),
    ("POST /NOTEBOOK/api/v1/contacts", "/main/api/v1/contacts", WRITE),
    ("GET /NOTEBOOK/api/v1/contacts/ID", "/main/api/v1/contacts/ines-carvalho", READ),
    ("GET /NOTEBOOK/api/v1/contacts/ID", "/main/api/v1/contacts/nobody", [401, 401, 404, 404, 404, 404]),
    ("PUT /NOTEBOOK/api/v1/contacts/ID", "/main/api/v1/contacts/ines-carvalho", WRITE),
    // Whoever may is asked for a version.
    (
        "DELETE /NOTEBOOK/api/v1/contacts/ID",
        "/main/api/v1/contacts/ines-carvalho",
        [401, 401, 403, 403, 428, 404],
    ),
    ("GET /NOTEBOOK/api/v1/contacts/ID/brief", "/main/api/v1/contacts/ines-carvalho/brief", READ),
    ("POST /NOTEBOOK/api/v1/contacts/ID/log", "/main/api/v1/contacts/ines-carvalho/log", WRITE),
    ("POST /NOTEBOOK/api/v1/contacts/ID/next", "/main/api/v1/contacts/ines-carvalho/next", WRITE),
    ("POST /NOTEBOOK/api/v1/contacts/ID/promises", "/main/api/v1/contacts/ines-carvalho/promises", WRITE),
    ("POST /NOTEBOOK/api/v1/contacts/ID/stage", "/main/api/v1/contacts/ines-carvalho/stage", WRITE),
];

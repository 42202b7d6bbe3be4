//! What filling did, as JSON (`kaijisho/fill/1`).

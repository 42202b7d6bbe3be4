//! Folders that are made from folders.

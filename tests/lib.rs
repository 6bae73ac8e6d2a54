//! End-to-end tests: protocol sessions, command line, corpora, real editors.

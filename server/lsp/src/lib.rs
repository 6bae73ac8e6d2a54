//! leastwise-lsp
